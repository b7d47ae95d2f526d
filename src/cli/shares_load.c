// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/shares_load.h"

#include <sodium.h>

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/share_load.h"
#include "desk/card.h"

int
shares_load(struct share **ret, const struct option_list *files)
{
	int code = CAIRN_EXIT_OK;

	*ret = NULL;
	if (files->count != SHARES_NEEDED)
		return fail(CAIRN_EXIT_USAGE, "two shares are needed: --share FILE --share FILE");
	*ret = sodium_malloc(SHARES_NEEDED * sizeof(**ret));
	if (*ret == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	for (size_t i = 0; i < SHARES_NEEDED && code == CAIRN_EXIT_OK; i++)
		code = share_load(&(*ret)[i], files->items[i]);
	return code;
}

int
shares_try(struct desk *desk, const struct share shares[SHARES_NEEDED])
{
	uint8_t secret[64];
	int err = identity_rebuild(desk, secret, &shares[0], &shares[1]);

	sodium_memzero(secret, sizeof(secret));
	return err;
}
