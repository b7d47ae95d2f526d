// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_HTTP_H
#define CAIRN_RELAY_HTTP_H

#include "relay/request.h"

/* Flags of a route. */
#define ROUTE_STAFF 1U     /* signed by a device of the desk, */
#define ROUTE_PUBLISH 2U   /* with the role publish, */
#define ROUTE_DOOR 32U     /* with that of the door, intake or publish */
#define ROUTE_COUNTED 4U   /* against the rate, on listeners that count */
#define ROUTE_STORES 8U    /* refused while the disk is low */
#define ROUTE_ANY_DESK 16U /* answered also for a desk that is not known */

/* libmicrohttpd around the table of routes (table.c): starts the threads that serve. */
CAIRN_NODISCARD int http_start(struct relay *relay);
/* Ends them; nothing may sleep any more. */
void http_stop(struct relay *relay);
/* Gives it a connection that was accepted. It closes fd in any case. */
void http_add(struct relay *relay, int fd, int family, bool counted);

/* The routes of the relay. */
extern const struct route route_table[];
extern const size_t route_count;

#endif
