// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_NONCES_H
#define CAIRN_RELAY_NONCES_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/staff.h"

/*
 * The nonces of staff requests that were accepted, by device, each until its created is 60 s past
 * (docs/protocol.md, section 8). Memory is fixed at birth: when it is full of nonces that still count, new ones are
 * refused and none is forgotten. One device can fill only a part of it.
 */
struct nonces;

/* slots: a power of two, at least 16. CAIRN_ERR_RANGE, CAIRN_ERR_NOMEM. */
CAIRN_NODISCARD int nonces_new(struct nonces **ret, size_t slots);
void nonces_free(struct nonces *nonces);

/*
 * CAIRN_OK: it was new and is remembered from now on. CAIRN_ERR_DENIED: it was used. CAIRN_ERR_STALE: created
 * is outside the window. CAIRN_ERR_BUSY: no room. Call it last, when nothing else refuses the request.
 * Thread-safe.
 */
CAIRN_NODISCARD int nonces_use(struct nonces *nonces, const uint8_t device[CAIRN_DEVICE_ID_BYTES],
    const uint8_t nonce[CAIRN_NONCE_BYTES], uint64_t created, uint64_t now);

#endif
