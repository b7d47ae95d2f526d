// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_TOKEN_H
#define CAIRN_CLI_TOKEN_H

#include "vault/vault.h"

/* The second factor as staff meet it: asks on the terminal for the token, its PIN and a touch. */
extern const struct vault_factor token_factor;

/* Makes a new credential on the token that is plugged in. Returns an enum cairn_exit and has told what was wrong. */
int token_add(struct vault_enrolled *enrolled);

#endif
