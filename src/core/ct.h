// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CORE_CT_H
#define CAIRN_CORE_CT_H

/*
 * CT_PUBLIC marks what was computed from secrets and may be known all the same, such as whether a seal
 * opened. It does nothing but in the build of tests/ct, where valgrind follows every secret and
 * reports a branch or an index that depends on one. Each use says why it is harmless.
 */
#ifdef CAIRN_CT
#include <valgrind/memcheck.h>
#define CT_PUBLIC(at, size) VALGRIND_MAKE_MEM_DEFINED(at, size)
#else
#define CT_PUBLIC(at, size) ((void)0)
#endif

#endif
