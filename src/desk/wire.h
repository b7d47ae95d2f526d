// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_WIRE_H
#define CAIRN_DESK_WIRE_H

#include "desk/desk.h"
#include "net/net.h"

/* The desk's requests over HTTP, signed by its device key. */
struct wire;

/*
 * proxy and unix_socket may be NULL. Sets desk->wire. CAIRN_ERR_RANGE: an onion address without a
 * proxy, or a proxy that looks names up here. The desk must outlive it.
 */
CAIRN_NODISCARD int wire_new(struct wire **ret, struct desk *desk, const char *proxy, const char *unix_socket);
void wire_free(struct wire *wire);

/* Why the last request got no answer. */
const char *wire_why(const struct wire *wire);

#endif
