// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include <sodium.h>

#include "relay/files.h"
#include "unit/relay_store_contract.h"

static char folder[64];

static void
reset(void)
{
	if (folder[0] != '\0' && file_remove_tree(AT_FDCWD, folder) != CAIRN_OK)
		abort();
	snprintf(folder, sizeof folder, "/tmp/store-XXXXXX");
	if (mkdtemp(folder) == NULL)
		abort();
}

static int
open_store(struct store **ret, uint32_t hour)
{
	return store_sqlite_open(ret, folder, hour);
}

int
main(void)
{
	static const struct store_maker maker = {open_store, reset};
	int failed;

	if (sodium_init() < 0)
		return 1;
	failed = relay_store_contract("store_sqlite", &maker);
	return file_remove_tree(AT_FDCWD, folder) == CAIRN_OK ? failed : 1;
}
