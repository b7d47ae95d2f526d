// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_LISTEN_H
#define CAIRN_RELAY_LISTEN_H

#include "cairn/err.h"
#include "relay/relay.h"

/*
 * Connections are accepted here and not by the HTTP library, without asking where they come from: so no address
 * is ever in its memory.
 */
struct listen;

/* Opens all of the configuration's. A fault is logged. */
CAIRN_NODISCARD int listen_open(struct listen **ret, const struct config *config);
/* Begins to accept, in a thread of its own. */
CAIRN_NODISCARD int listen_start(struct listen *listen, struct relay *relay);
/* Ends it and closes. NULL is fine. */
void listen_free(struct listen *listen);

#endif
