// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_CONNECTIONS_H
#define CAIRN_RELAY_CONNECTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"

/*
 * Who is connected, by file descriptor, with no address: so that one who sends or reads a byte now and then is
 * cut off in the end, and sooner when places run short.
 */
#define CONNECTION_SLOW_MS 240000U /* a blob over a bad line takes minutes */
#define CONNECTION_TIGHT_MS 30000U /* with three quarters of the places taken */
#define CONNECTION_LEFT_MS 5000U   /* after the other side said that it will send no more */

struct connections;

CAIRN_NODISCARD int connections_new(struct connections **ret, size_t limit);
void connections_free(struct connections *connections);

bool connections_full(struct connections *connections);
/* Before the HTTP library gets it. false: no place. */
bool connections_open(struct connections *connections, int fd, bool counted, uint64_t now_ms);
void connections_closed(struct connections *connections, int fd);
/* A request has been answered: time begins anew. */
void connections_done(struct connections *connections, int fd, uint64_t now_ms);
/* Did it come by a listener that counts? */
bool connections_counted(struct connections *connections, int fd);
/* Shuts down those whose time is over; the library then closes them. */
void connections_cut(struct connections *connections, uint64_t now_ms);

#endif
