// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_ADDRESS_H
#define CAIRN_SITE_ADDRESS_H

#include <glib.h>

#include "cairn/span.h"
#include "site/site.h"

/*
 * The directory of those to whom letters go, letters/addresses.csv: kept by the desk, each row with where it is from
 * and
 * when it was checked. Nothing is invented: a row without either is refused.
 */
struct address {
	char *country;   /* where they are, or whom they are accredited to */
	char *name;      /* "Embassy of ... in ..." */
	char *salutation;
	char *e_mail;    /* empty: none is known */
	char *post;      /* lines; empty: none */
	char *languages; /* that are read there, tags with commas; empty: not known */
	char *source;    /* address of the page it is from */
	char *checked;   /* day */
};

/* *ret frees them. CAIRN_ERR_FORMAT with fault. */
CAIRN_NODISCARD int addresses_read(GPtrArray **ret, struct site_fault *fault, const char *file,
    struct cairn_span text);

#endif
