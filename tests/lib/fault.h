// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_FAULT_H
#define TESTS_LIB_FAULT_H

#include <stdbool.h>

/*
 * The power goes at the k-th point of a run: from then on nothing succeeds any more, until the run is over and
 * fault_mend() is called. Points are every write, sync, cut and removal of SQLite under the VFS "fault", and whatever
 * else calls fault_point(). With k = 1, 2, 3, ... until a run gets through, every place is tried.
 */
void fault_arm(unsigned long k); /* 0: never */
void fault_mend(void);
bool fault_point(void); /* true: fail here */
bool fault_struck(void);

/* Registers the VFS "fault", which is the system's own but for the faults. */
void fault_vfs(void);

#endif
