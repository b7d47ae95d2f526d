// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_POSTING_CONF_H
#define CAIRN_SITE_POSTING_CONF_H

#include <stdbool.h>

#include "cairn/span.h"
#include "site/site.h"

/* Where entries are posted: posting.conf beside the site's sources, a block in brackets for each account. */
#define POSTING_CONF "posting.conf"
#define POSTING_CONF_BYTES_MAX 65536U
#define POSTING_VALUE_MAX 500U

/* X(NAME, "key", services that may have it, services that need it) */
#define POSTING_KEYS(X)                                                    \
	X(SERVICE, "service", POSTING_ALL, POSTING_ALL)                    \
	X(SERVER, "server", POSTING_ALL, POSTING_MASTODON | POSTING_MAIL)  \
	X(USER, "user", POSTING_JOURNALS | POSTING_MAIL, POSTING_JOURNALS) \
	X(JOURNAL, "journal", POSTING_JOURNALS, 0U)                        \
	X(SECRET_FILE, "secret-file", POSTING_ALL, 0U)                     \
	X(SCREENING, "screening", POSTING_JOURNALS, 0U)                    \
	X(BACKDATED, "backdated", POSTING_JOURNALS, 0U)                    \
	X(VISIBILITY, "visibility", POSTING_MASTODON, 0U)                  \
	X(LENGTH, "length", POSTING_MASTODON, 0U)                          \
	X(FROM, "from", POSTING_MAIL, POSTING_MAIL)                        \
	X(TO, "to", POSTING_MAIL, POSTING_MAIL)

#define POSTING_DREAMWIDTH 1U
#define POSTING_LIVEJOURNAL 2U
#define POSTING_MASTODON 4U
#define POSTING_MAIL 8U
#define POSTING_JOURNALS (POSTING_DREAMWIDTH | POSTING_LIVEJOURNAL)
#define POSTING_ALL 15U

enum posting_key {
#define POSTING_ENUM(name, key, may, needs) POSTING_KEY_##name,
	POSTING_KEYS(POSTING_ENUM)
#undef POSTING_ENUM
	    POSTING_KEY_COUNT,
};

struct posting_account {
	char name[41];
	unsigned service;                                      /* one of the bits above */
	char values[POSTING_KEY_COUNT][POSTING_VALUE_MAX + 1]; /* empty: not said */
};

/* "dreamwidth"; NULL where it is no bit of the above. */
const char *posting_service_name(unsigned service);

/*
 * The account of that name. The whole text is read, and refused for a fault anywhere. CAIRN_ERR_FORMAT;
 * CAIRN_ERR_UNKNOWN: there is none of that name. Both with fault.
 */
CAIRN_NODISCARD int posting_conf_read(
    struct posting_account *account, struct site_fault *fault, struct cairn_span text, const char *name);

/* Is that host this machine? A server there may be spoken to without TLS. */
bool posting_is_here(const char *url);

#endif
