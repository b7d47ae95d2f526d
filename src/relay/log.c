// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/log.h"

#include <stdarg.h>
#include <stdio.h>

void
log_line(enum log_level level, const char *format, ...)
{
	char line[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof line, format, args);
	va_end(args);
	/* One call, so that lines of several threads do not mix. */
	fprintf(stderr, "<%d>cairnd: %s\n", (int)level, line);
}
