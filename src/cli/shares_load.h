// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_SHARES_LOAD_H
#define CAIRN_CLI_SHARES_LOAD_H

#include "cli/options.h"
#include "desk/desk.h"
#include "desk/shares.h"

/*
 * Two shares of the identity key, from the files that were named, in locked memory: sodium_free() them, also after a
 * failure. Returns an enum cairn_exit and has told what was wrong.
 */
int shares_load(struct share **ret, const struct option_list *files);

/* Do they give this desk's identity key? As identity_rebuild(), which leaves the sentence in desk->trouble. */
CAIRN_NODISCARD int shares_try(struct desk *desk, const struct share shares[SHARES_NEEDED]);

#endif
