// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_LISTS_H
#define CAIRN_CLI_LISTS_H

#include <stdbool.h>

#include "cairn/passphrase.h"

/*
 * "english", "russian" or "digits"; NULL is english. *ret_list is NULL for digits. False for any other name.
 */
bool list_choose(const struct cairn_wordlist **ret_list, const char *name);

#endif
