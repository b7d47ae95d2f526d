// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_BLOB_H
#define CAIRN_RELAY_BLOB_H

#include "relay/request.h"

#define BLOB_IDS_MAX 256U

/* Handlers of blobs (docs/http.md). What comes goes to a file piece by piece and never lies in memory as a whole. */
unsigned blob_begin(struct request *request);
unsigned blob_piece(struct request *request, const uint8_t *bytes, size_t size);
void blob_put(struct request *request);
void blob_get(struct request *request);
void blob_claim(struct request *request);
void blob_delete(struct request *request);

#endif
