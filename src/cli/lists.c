// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/lists.h"

#include <string.h>

bool
list_choose(const struct cairn_wordlist **ret_list, const char *name)
{
	*ret_list = NULL;
	if (name != NULL && strcmp(name, "digits") == 0)
		return true;
	*ret_list = cairn_wordlist_find(name == NULL ? "english" : name);
	return *ret_list != NULL;
}
