// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_POWERCUT_H
#define TESTS_LIB_POWERCUT_H

#include <stdbool.h>

/*
 * A disk whose power goes, for programs linked with --wrap=pwrite64,--wrap=fdatasync. What was written since the last
 * flush may be lost, whole or in sectors of 512 bytes, each by itself: so writes are torn and come in any order.
 * Flushes do not reach the real disk.
 */

/* At the k-th write or flush from now on (0: never) the power goes: nothing succeeds until powercut_mend(). */
void powercut_arm(unsigned long k);

/* At the k-th one an error is told, half of a write done; everything after it works. */
void powercut_trip(unsigned long k);

/* Power is back. True where it had gone, or the error was told. */
bool powercut_mend(void);

#endif
