// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_STAMPING_H
#define CAIRN_RECORD_STAMPING_H

#include "desk/desk.h"
#include "record/evidence_stamp.h"

/*
 * Time stamps without anybody thinking of them: an authority that this device keeps in its vault is asked by each
 * open desk's round, at its pace (record/evidence_stamp.h).
 */
#define STAMPING_URL_MAX 512U
#define STAMPING_CA_MAX (256U * 1024U)
#define STAMPING_PACE_MIN_S 1U /* but never more often than a round of the open desk */
#define STAMPING_PACE_MAX_S 86400U

struct stamping {
	char url[STAMPING_URL_MAX + 1]; /* empty: none is kept */
	uint32_t pace_s;
	struct cairn_span ca; /* PEM, in memory of its own: stamping_clear() */
};

/*
 * keep replaces what was kept; an empty url forgets it. CAIRN_ERR_FORMAT: no http or https URL, or no certificate in
 * ca; CAIRN_ERR_RANGE: too long, or a pace that is none.
 */
CAIRN_NODISCARD int stamping_keep(struct db *db, const struct stamping *s);
CAIRN_NODISCARD int stamping_get(struct db *db, struct stamping *s);
void stamping_clear(struct stamping *s);

/* How a request goes out. */
struct stamping_way {
	struct evidence *ev;
	const char *url;
	const char *proxy; /* NULL: straight */
};

/* As evidence_post has it; arg is a struct stamping_way. Leaves a sentence. */
int stamping_post(void *arg, const uint8_t *ask, size_t ask_bytes, uint8_t *answer, size_t room, size_t *ret_bytes);

/* One tick by what is kept, where one is due; without a word where nothing is kept. As desk_room.round has it. */
CAIRN_NODISCARD int stamping_round(struct desk *desk, char said[DESK_TROUBLE_MAX], uint64_t now);

#endif
