// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_ANSWER_H
#define CAIRN_RELAY_ANSWER_H

#include <microhttpd.h>

#include "cairn/err.h"

/*
 * What a stranger gets where the protocol has no words for him: a few bodies, the same in all cases that have
 * the same status (docs/http.md). Made once, used by all threads.
 */
struct answers;

CAIRN_NODISCARD int answers_new(struct answers **ret);
void answers_free(struct answers *answers);

/* The uniform answer of that status; never NULL. */
struct MHD_Response *answers_of(const struct answers *answers, unsigned status);
/* That of OPTIONS. */
struct MHD_Response *answers_options(const struct answers *answers);

/* The headers that every answer has: nothing is kept by browsers, any origin may ask. */
CAIRN_NODISCARD int answer_headers(struct MHD_Response *response);

#endif
