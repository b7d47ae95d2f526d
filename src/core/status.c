// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/status.h"

#include "cairn/err.h"
#include "cairn/step.h"

int
status_err(int status)
{
	switch (status) {
	case 200:
	case 204:
		return CAIRN_OK;
	case CAIRN_NO_ANSWER:
		return CAIRN_ERR_IO;
	case 404:
		return CAIRN_ERR_UNKNOWN;
	case 503:
		return CAIRN_ERR_BUSY;
	default:
		return CAIRN_ERR_DENIED;
	}
}
