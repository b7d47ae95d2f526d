// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLEAN_CONFINE_H
#define CAIRN_CLEAN_CONFINE_H

#include <stdbool.h>

#include "cairn/err.h"

/*
 * From here on: no file can be opened, no socket made, no program started, no other process touched; memory, time
 * and output have their ceilings. fonts: the system's fonts and what draws them may be read (Landlock), for pages
 * that do not carry their own; where a kernel has no Landlock, nothing may. CAIRN_ERR_DENIED: the kernel does not
 * filter calls (seccomp): then nothing from a stranger may be read.
 */
CAIRN_NODISCARD int clean_confine(bool fonts);

#endif
