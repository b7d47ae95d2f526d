// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_NET_DRIVE_H
#define CAIRN_NET_DRIVE_H

#include "cairn/collect.h"
#include "cairn/look.h"
#include "cairn/opening.h"
#include "cairn/send.h"
#include "net/net.h"

/*
 * Drives a machine of the core to its end over net. Each returns the machine's err, or what kept a request
 * from being made at all. The machine was initialised by the caller, who clears it too.
 */

/* Called after every step: the caller looks at the machine's own progress. call may be NULL. */
struct net_watch {
	void (*call)(void *arg);
	void *arg;
};

CAIRN_NODISCARD int net_open(struct net *net, struct cairn_opening *opening, const struct net_watch *watch);
CAIRN_NODISCARD int net_look(struct net *net, struct cairn_look *look, const struct net_watch *watch);
CAIRN_NODISCARD int net_send(struct net *net, struct cairn_send *send, const struct net_watch *watch);

/*
 * read fills piece[want] from offset and returns how many bytes it got. Where the line or the relay fails, the
 * blob that did not get through is tried again, NET_RESUMES_MAX times in all.
 */
#define NET_RESUMES_MAX 5U
typedef size_t net_read(void *arg, uint8_t *piece, uint64_t offset, size_t want);
CAIRN_NODISCARD int net_attach(struct net *net, struct cairn_attach *attach, net_read *read, void *read_arg,
    const struct net_watch *watch);

/*
 * store keeps collect->cells[collect->count] durably; only then are they deleted from the drop. Its error ends the
 * collecting, and the cells come again after their lease.
 */
typedef int net_store(void *arg, const struct cairn_collect *collect);
CAIRN_NODISCARD int net_collect(struct net *net, struct cairn_collect *collect, net_store *store,
    void *store_arg, const struct net_watch *watch);

#endif
