// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/*
 * A fuzz target is one file, fuzz_<reader>.c, with this one function. It gives the bytes to its reader and
 * holds what comes out against FUZZ_CHECK: what was taken must be within its limits, and what is
 * written anew from it must be what was read. It must be deterministic, and return 0.
 */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define FUZZ_CHECK(condition)     \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

#endif
