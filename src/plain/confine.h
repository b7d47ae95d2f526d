// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_CONFINE_H
#define CAIRN_PLAIN_CONFINE_H

#include <stdbool.h>

/*
 * From here on no file can be opened, no program started, and no socket made but those that reach the
 * relay: a process
 * that a form has taken over can tell nobody but the relay, which saw the form already. net: the relay listens
 * on a port, not on a Unix socket. Where a kernel cannot do it, a line says so.
 */
void confine_to_relay(bool net);

#endif
