// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/fault.h"

#include <stdarg.h>
#include <stdio.h>

int
fault_set(struct site_fault *fault, int err, const char *file, unsigned line, const char *format, ...)
{
	va_list args;

	(void)snprintf(fault->file, sizeof fault->file, "%s", file == NULL ? "" : file);
	fault->line = line;
	va_start(args, format);
	(void)vsnprintf(fault->text, sizeof fault->text, format, args);
	va_end(args);
	return err;
}
