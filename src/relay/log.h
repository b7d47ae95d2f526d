// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_LOG_H
#define CAIRN_RELAY_LOG_H

/*
 * Lines to stderr in the form that systemd's journal reads: "<level>text". They are about the machine
 * (files, memory, configuration) and never about anybody's request, address, hash or time.
 */
enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_NOTICE = 5,
	LOG_LEVEL_INFO = 6,
};

__attribute__((format(printf, 2, 3))) void log_line(enum log_level level, const char *format, ...);

#endif
