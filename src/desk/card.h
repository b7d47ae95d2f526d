// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_DESK_CARD_H
#define CAIRN_DESK_CARD_H

#include "desk/desk.h"
#include "desk/shares.h"

/* Making the card, which the identity key signs (docs/protocol.md, section 4). */

#define CARD_LINES_MAX 16U /* of one kind that staff may give */
#define CARD_DAYS 90U      /* a new card holds so long unless asked otherwise; 100 is the most */

/* What staff wish for a card. What is not given stays as on the card before. */
struct card_wish {
	const char *name;      /* NULL: as before */
	const char *relay_url; /* NULL: as before; else with relay_key */
	const uint8_t *relay_key;
	const char *const *langs;
	size_t lang_count; /* 0: as before */
	const char *const *never_asks;
	size_t never_count;       /* 0: as before */
	const char *const *pages; /* SHA-256 of single-file pages, hex; beside those of before */
	size_t page_count;
	const char *const *gives; /* SHA-256 of files of ways to give, hex; in place of those of before */
	size_t give_count;        /* 0: as before */
	const char *const *site_keys; /* base64; instead of those of before */
	size_t site_key_count;        /* 0: as before */
	const char *const *witnesses; /* "<name> <key in base64>"; instead of those of before */
	size_t witness_count;         /* 0: as before */
	uint32_t days;            /* 1 to 100; 0: CARD_DAYS */
};

/* One line of text that a person may read: UTF-8 without control characters, 1 to most bytes. */
bool card_line_ok(const char *text, size_t most);

/* "en", "ru", "zh-Hant" */
bool card_lang_ok(const char *text);

/* "http://" or "https://", without a space or a slash at its end, at most DESK_URL_MAX bytes. */
bool card_url_ok(const char *text);

/*
 * Makes and keeps the card of that serial, signed by the identity key's secret. old is NULL for the
 * first one. The new card is opened again before it is kept. Within a transaction of the caller.
 */
CAIRN_NODISCARD int card_make(struct db *state, struct desk_self *self, const struct cairn_card *old,
    const struct card_wish *wish, uint64_t serial, uint32_t today, const uint8_t identity_secret[64]);

/* The card in force, checked. *ret_bytes backs the views: free() it. */
CAIRN_NODISCARD int card_read(struct desk *desk, struct cairn_card *card, uint8_t **ret_bytes, size_t *ret_size,
    uint32_t today);

/* The same, also one that has run out: as it was on its last day. *bytes backs the views: free() it. */
CAIRN_NODISCARD int card_read_any(struct desk *desk, struct cairn_card *card, uint8_t **bytes);

/* New card, of the next serial, out of two shares. */
CAIRN_NODISCARD int card_renew(struct desk *desk, const struct card_wish *wish, const struct share *a,
    const struct share *b, uint64_t now);

/* The identity key's secret out of two shares; to be wiped. */
CAIRN_NODISCARD int identity_rebuild(struct desk *desk, uint8_t secret[64], const struct share *a,
    const struct share *b);

#endif
