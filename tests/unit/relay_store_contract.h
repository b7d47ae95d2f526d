// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_UNIT_RELAY_STORE_CONTRACT_H
#define TESTS_UNIT_RELAY_STORE_CONTRACT_H

#include "relay/store.h"

/* What every store keeps (src/relay/store.h): the suite is run on each, which says how one is opened. */
struct store_maker {
	/* Opens the one store of this test in that hour, what it had still in it. */
	int (*open)(struct store **ret, uint32_t hour);
	/* Empties it for the next test. */
	void (*reset)(void);
};

int relay_store_contract(const char *name, const struct store_maker *maker);

#endif
