// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_LETTER_H
#define CAIRN_SITE_LETTER_H

#include <glib.h>

#include "cairn/campaign.h"
#include "cairn/drop.h"
#include "db/db.h"
#include "site/openid.h"
#include "site/site.h"

/*
 * Comments and gatherings that the public sends, each of which waits until a person takes it or not. What was
 * decided loses its words, under an erasable key of their own; its msgid stays, so that it does not come twice.
 */
enum letter_kind {
	LETTER_COMMENT,
	LETTER_GATHERING,
};

/* All spans look into records; what was not given is empty. */
struct letter {
	uint64_t n;
	enum letter_kind kind;
	uint32_t day; /* of its cell */
	bool proven;  /* the home page has the code */
	struct cairn_span text, name, country;
	struct cairn_span entry;      /* that the comment is on */
	struct cairn_span page;       /* the home page of who comments */
	struct cairn_span token;      /* OpenID Connect's, of who comments: unchecked, and never shown */
	uint8_t blind[CAIRN_BLIND_BYTES]; /* beside it */
	struct cairn_gathering when;  /* of a gathering */
	struct cairn_span title, place;
	size_t bytes;
	uint8_t records[CAIRN_DROP_PLAIN_BYTES];
};

/* Records without the end. In a transaction. A msgid that was here is passed over. */
CAIRN_NODISCARD int letter_add(struct db *db, const uint8_t msgid[CAIRN_MSGID_BYTES], uint32_t day,
    const uint8_t *records, size_t bytes);

/* The next that waits, behind n; out->n is 0 at the end. Wipe it. */
CAIRN_NODISCARD int letter_next(struct db *db, struct letter *out, uint64_t n);
/* One by its number. CAIRN_ERR_UNKNOWN: none, or decided. */
CAIRN_NODISCARD int letter_get(struct db *db, struct letter *out, uint64_t n);

/* What records of out->bytes say. CAIRN_ERR_FORMAT: neither a comment nor a gathering, or without its words. */
CAIRN_NODISCARD int letter_read(struct letter *out);

/* Its words are erased: outside of transactions. */
CAIRN_NODISCARD int letter_decided(struct db *db, uint64_t n, bool accepted);
CAIRN_NODISCARD int letter_proven(struct db *db, uint64_t n);

/* What must stand on a home page: "cairn-" and 32 hex digits of the comment's hash. */
#define LETTER_CODE_BYTES 39U
void letter_code(char out[LETTER_CODE_BYTES], const struct letter *letter);

/* Whom an issuer named; name is empty where none did. */
struct letter_named {
	char name[OPENID_NAME_MAX + 1];
	char by[OPENID_NAME_MAX + 1]; /* what the issuer is called */
};

/*
 * Whether its token names who wrote it, by the issuers that the sources list. Errors with why, as openid_check() has
 * them; CAIRN_ERR_STATE: no token came with it.
 */
CAIRN_NODISCARD int letter_named(struct letter_named *named, const char **why, const struct letter *letter,
    const GPtrArray *issuers);

/* ---- into the sources ---- */

/* What staff say of a gathering that no stranger may. */
struct letter_gathering {
	struct cairn_span id, city, safety, link, ends;
};

/*
 * The file that it goes into, "comments/ENTRY.json" or "gatherings.csv", with it, checked as the site's builder
 * would: nothing is written here. source is the open folder. With a name that an issuer said, the one that the writer
 * gave himself is left out. CAIRN_ERR_FORMAT with fault; CAIRN_ERR_UNKNOWN: no such entry.
 */
CAIRN_NODISCARD int letter_comment_file(GString *file, GString *out, int source, const struct letter *letter,
    const struct letter_named *named, struct site_fault *fault);
CAIRN_NODISCARD int letter_gathering_file(GString *out, int source, const struct letter *letter,
    const struct letter_gathering *said, uint32_t today, struct site_fault *fault);

#endif
