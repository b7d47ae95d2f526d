// SPDX-License-Identifier: GPL-3.0-or-later
#include "cairn/err.h"

const char *
cairn_strerror(int err)
{
	switch ((enum cairn_err)err) {
	case CAIRN_OK:
		return "no error";
	case CAIRN_ERR_FORMAT:
		return "not in the form the protocol asks for";
	case CAIRN_ERR_RANGE:
		return "outside the allowed range";
	case CAIRN_ERR_CRYPTO:
		return "a seal, signature or hash does not match";
	case CAIRN_ERR_KEY:
		return "a public key that must not be used";
	case CAIRN_ERR_UNKNOWN:
		return "not known";
	case CAIRN_ERR_STALE:
		return "too old";
	case CAIRN_ERR_CONFLICT:
		return "contradicts what is already there";
	case CAIRN_ERR_CLOCK:
		return "this clock and the desk's differ by more than a day";
	case CAIRN_ERR_SPACE:
		return "no room left";
	case CAIRN_ERR_NOMEM:
		return "out of memory";
	case CAIRN_ERR_IO:
		return "input or output failed";
	case CAIRN_ERR_DENIED:
		return "refused";
	case CAIRN_ERR_BUSY:
		return "busy, try again later";
	case CAIRN_ERR_STATE:
		return "called out of order";
	}
	return "unknown error";
}
