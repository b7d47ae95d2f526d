// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_SITE_H
#define CAIRN_RELAY_SITE_H

#include <stddef.h>

#include "cairn/err.h"
#include "cairn/span.h"
#include "relay/relay.h"

/*
 * The public site: files of a folder, on listeners that serve nothing else. It has an HTTP server of its own, which
 * knows neither desks nor the person's page, so that the two never share an origin (docs/protocol.md, section 8).
 * Nobody is noted, counted or asked who he is.
 */
#define SITE_PATH_MAX 256U

struct site_server;

/* CAIRN_OK and NULL where the configuration names no folder. CAIRN_ERR_IO: there is none. */
CAIRN_NODISCARD int site_server_new(struct site_server **ret, const struct config *config);
/* Starts the threads that serve. NULL is fine. */
CAIRN_NODISCARD int site_server_start(struct site_server *site, struct relay *relay);
void site_server_stop(struct site_server *site);
void site_server_free(struct site_server *site);
/* Gives it a connection that was accepted. It closes fd in any case. */
void site_server_add(struct site_server *site, int fd, int family);

/*
 * The file below the folder that a request's target means: "/" and whatever ends in a slash is index.html there, a
 * query
 * is passed over. Words of letters, digits, "-", "_" and ".", none of them beginning with a dot: so no way leads up
 * or to what is hidden. CAIRN_ERR_UNKNOWN for anything else.
 */
CAIRN_NODISCARD int site_path(char out[SITE_PATH_MAX], struct cairn_span target);
/* The media type by the name's ending; that of bytes for one that is not known. */
const char *site_type(const char *path);

#endif
