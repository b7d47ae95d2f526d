// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_NET_FETCH_H
#define CAIRN_NET_FETCH_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * One GET of a stranger's page, through a proxy that looks its name up, so that he learns nothing of this machine.
 * https alone; follows no redirect, sends no cookie, keeps nothing. The first room bytes of an answer 200 into
 * out[room]. CAIRN_ERR_RANGE: such a proxy or address may not be; CAIRN_ERR_IO: no such answer; why[256] says so.
 */
CAIRN_NODISCARD int fetch_page(const char *url, const char *proxy, uint8_t *out, size_t room, size_t *ret_bytes,
    char why[256]);

#endif
