// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_POSTING_H
#define CAIRN_SITE_POSTING_H

#include <stdbool.h>

#include "site/posted.h"
#include "site/posting_conf.h"
#include "site/posting_text.h"
#include "site/site.h"

/*
 * Cross-posting: an entry of the site, posted to somebody else's service, changed there and deleted there. What the
 * services have in common is here; a driver is a row of functions (posting_services).
 */
struct posting_options {
	int folder;        /* the source's, open; locked while this runs */
	const char *entry; /* the file's name in entries/, without ".md" */
	const struct posting_account *account;
	const char *secret; /* secret; "" where the service wants none */
	const char *proxy;  /* socks5h://...; NULL: straight, or by the environment */
	uint64_t now_s;
	bool remove;
	bool again; /* go on although an earlier try may have got through */
};

enum posting_did {
	POSTING_DID_NOTHING,
	POSTING_DID_CREATE,
	POSTING_DID_CHANGE,
	POSTING_DID_REMOVE,
};

struct posting_report {
	enum posting_did did;
	char url[POSTED_URL_MAX + 1]; /* empty: none is known */
};

/*
 * fault says what to do next. CAIRN_ERR_FORMAT: sources, posting.conf or "posted" are not as they should be;
 * CAIRN_ERR_DENIED: the service refused; CAIRN_ERR_IO with an empty fault->file: no answer; CAIRN_ERR_CONFLICT: an
 * earlier try may have got through, and nobody here can tell; CAIRN_ERR_UNKNOWN: nothing was posted there that
 * could be deleted; CAIRN_ERR_BUSY: another one runs.
 */
CAIRN_NODISCARD int posting_do(
    struct posting_report *report, struct site_fault *fault, const struct posting_options *options);

/* ---- for the drivers ---- */

/* What programs that post by themselves are asked to say of themselves, and no more: the same for every desk. */
#define POSTING_AGENT "User-Agent: Cairn/" CAIRN_VERSION

struct posting_work {
	const struct posting_account *account;
	const struct posting_text *text; /* NULL while something is deleted */
	const char *entry;
	const char *secret;
	const char *proxy;
	uint64_t now_s;
	struct posted *row; /* key and id are read; id and url are set by create and find */
	struct site_fault *fault;
	bool reached; /* after an error: the service may have done it */
};

/*
 * Each returns CAIRN_OK, or an error with fault and reached. update and remove: CAIRN_ERR_UNKNOWN, it is not there
 * any more. find: CAIRN_ERR_UNKNOWN, there is none of this entry.
 */
struct posting_service {
	unsigned service;
	int (*create)(struct posting_work *work);
	int (*update)(struct posting_work *work);
	int (*remove)(struct posting_work *work);
	int (*find)(struct posting_work *work); /* NULL: the service cannot be asked */
	uint32_t key_s; /* a second create with the same key is none for so long; 0: always is one */
	bool repeats;   /* update and remove may be sent twice without harm */
};
extern const struct posting_service posting_journal_dw, posting_journal_lj, posting_mastodon, posting_mail;

int posting_fail(struct posting_work *work, int err, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
