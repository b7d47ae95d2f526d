// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/exit.h"

#include "cairn/err.h"

int
exit_for(int err)
{
	switch ((enum cairn_err)err) {
	case CAIRN_OK:
		return CAIRN_EXIT_OK;
	case CAIRN_ERR_FORMAT:
	case CAIRN_ERR_RANGE:
	case CAIRN_ERR_CRYPTO:
	case CAIRN_ERR_KEY:
	case CAIRN_ERR_UNKNOWN:
	case CAIRN_ERR_STALE:
	case CAIRN_ERR_DENIED:
		return CAIRN_EXIT_REFUSED;
	case CAIRN_ERR_CONFLICT:
		return CAIRN_EXIT_CONFLICT;
	case CAIRN_ERR_CLOCK:
		return CAIRN_EXIT_CLOCK;
	case CAIRN_ERR_SPACE:
		return CAIRN_EXIT_STORAGE;
	case CAIRN_ERR_NOMEM:
		return CAIRN_EXIT_MEMORY;
	case CAIRN_ERR_IO:
		return CAIRN_EXIT_NETWORK;
	case CAIRN_ERR_BUSY:
		return CAIRN_EXIT_BUSY;
	case CAIRN_ERR_STATE:
		return CAIRN_EXIT_INTERNAL;
	}
	return CAIRN_EXIT_INTERNAL;
}
