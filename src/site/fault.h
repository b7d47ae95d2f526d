// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_FAULT_H
#define CAIRN_SITE_FAULT_H

#include "site/site.h"

/* Fills fault in; file may be NULL. Returns err, so that a reader may end with it. */
int fault_set(struct site_fault *fault, int err, const char *file, unsigned line, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

#endif
