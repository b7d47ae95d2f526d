// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_PETITION_H
#define CAIRN_SITE_PETITION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <glib.h>

#include "cairn/campaign.h"
#include "db/db.h"
#include "vault/erasure.h"

/*
 * Petitions as a desk counts them (docs/site.md), in the database of a device that has the role "publish": others get
 * no key of the campaign door. A signature is known by the first 16 bytes of its mark, which are what is published:
 * who makes a second mark that begins the same has signed once.
 *
 * An address is kept until it is confirmed, under an erasable key of its own. What stays is a fingerprint under a key
 * of the petition, which is erased when that closes. Signers' names are sealed under another key of the petition.
 *
 * All that change something but petition_close() run within a transaction of the caller.
 */
#define PETITION_MARK_BYTES 16U
#define PETITION_ADDRESS_MAX 254U
#define PETITION_NAME_MAX 200U
#define PETITION_LETTERS_MAX 3U /* to one address, whoever else gives it as his */

/* Sealed columns: for whoever names all of a database (vault/erasure.h). */
#define PETITION_ERASURE_COLUMNS                                                                              \
	ERASURE_COLUMN("petition_key", "key"), ERASURE_COLUMN("petition_address", "key"),                     \
	    ERASURE_COLUMN("site_letter", "key")

/* Makes the tables where they are not there. */
CAIRN_NODISCARD int petition_prepare(struct db *db);

/* A petition that the sources have, and what they say of it. */
struct petition_rule {
	struct cairn_span name;
	bool asks_e_mail;
	uint32_t closes; /* its last day; 0: none is set */
};

struct petition_rules {
	const struct petition_rule *list;
	size_t count;
	struct cairn_span hostile; /* countries where nobody is asked, "RU,BY" */
};

/* Views, all of them but mark. A country or e-mail that was not given is empty. */
struct petition_signature {
	uint8_t mark[PETITION_MARK_BYTES];
	uint32_t day; /* of its cell */
	struct cairn_span name, country, e_mail;
};

enum petition_taken {
	PETITION_COUNTED,
	PETITION_WAITS,     /* until its address is confirmed */
	PETITION_REPEATED,  /* the same mark again */
	PETITION_SAME,      /* another one of an address that is counted */
	PETITION_WITHDRAWN, /* its withdrawal came first */
	PETITION_LATE,      /* after it closed: not kept */
	PETITION_TAKEN_COUNT
};

/* The petition's number; it is made where there is none and make says so. CAIRN_ERR_UNKNOWN. */
CAIRN_NODISCARD int petition_find(struct db *db, uint64_t *ret_n, struct cairn_span name, bool make);
CAIRN_NODISCARD int petition_sign(struct db *db, enum petition_taken *ret, const struct petition_rules *rules,
    const struct petition_rule *rule, const struct petition_signature *signature);
/* By the code that only the signer has. *ret_new is false where it was withdrawn before. */
CAIRN_NODISCARD int petition_withdraw(struct db *db, bool *ret_new, struct cairn_span name,
    const uint8_t code[CAIRN_CODE_BYTES]);

struct petition_count {
	uint64_t n;
	uint64_t counted;
	uint64_t withdrawn;
	uint64_t waiting;
	uint64_t repeated; /* letters with a mark that was there */
	uint64_t same;     /* marks of an address that is counted by another */
	uint64_t closed;   /* Unix seconds; 0: open */
};
CAIRN_NODISCARD int petition_counted(struct db *db, struct petition_count *out, struct cairn_span name);

/* The next petition's name behind that one; empty at the end. */
CAIRN_NODISCARD int petition_next(struct db *db, char name[CAIRN_SLUG_MAX + 1]);

/*
 * Closes it, once: keys of the fingerprints, fingerprints and addresses go, for good. Withdrawals are taken later
 * too. Outside of transactions.
 */
CAIRN_NODISCARD int petition_close(struct db *db, struct cairn_span name, uint64_t now);

/* ---- addresses ---- */

/* "cairn-17-0123456789abcdef01234567": what the letter to an address asks to be sent back. */
#define PETITION_CODE_DIGITS 24U
#define PETITION_CODE_MAX 64U

struct petition_address {
	uint64_t n;
	char code[PETITION_CODE_MAX];
	char address[PETITION_ADDRESS_MAX + 1];
};

/* The next one behind *at that got no letter yet; *ret_found is false at the end. Secret: wipe it. */
CAIRN_NODISCARD int petition_address_next(struct db *db, struct petition_address *out, uint64_t petition,
    uint64_t after, bool *ret_found);
CAIRN_NODISCARD int petition_address_sent(struct db *db, uint64_t n);

struct petition_confirmed {
	size_t counted;
	size_t same;    /* the address is counted already */
	size_t unknown; /* codes that are none, or were taken before */
};

/* Takes every code that stands in a text, a mailbox of answers; the addresses go. */
CAIRN_NODISCARD int petition_confirm(struct db *db, struct petition_confirmed *out, struct cairn_span text);

/* The next code in *text, which moves behind it; false: none. Of strangers' bytes. */
bool petition_code_next(struct cairn_span *text, uint64_t *ret_n, struct cairn_span *ret_digits);

/* ---- what leaves ---- */

#define PETITION_COUNTRY_LEAST 10U /* a country with fewer signers is not named */

/* NAME.json and NAME.marks as the site's sources have them, appended. */
CAIRN_NODISCARD int petition_write_count(struct db *db, GString *out, struct cairn_span name, uint64_t now);
CAIRN_NODISCARD int petition_write_marks(struct db *db, GString *out, struct cairn_span name);

/*
 * Those who gave a name, but those whose key a backup left out: for whom the petition is handed to, and for nobody
 * else. Both are views, of that call.
 */
CAIRN_NODISCARD int petition_names(struct db *db, struct cairn_span name,
    void (*each)(void *arg, struct cairn_span name, struct cairn_span country), void *arg);

#endif
