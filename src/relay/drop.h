// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_DROP_H
#define CAIRN_RELAY_DROP_H

#include "relay/request.h"

#define DROP_LEASE_CELLS_MAX 64U
#define DROP_LEASE_S 600U

/* Handlers: a cell comes, is given out on a lease, is deleted (docs/http.md). */
void drop_post(struct request *request);
void drop_spent(struct request *request);
void drop_lease(struct request *request);
void drop_delete(struct request *request);

#endif
