// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_PETITION_SOURCE_H
#define CAIRN_SITE_PETITION_SOURCE_H

#include "site/petition.h"
#include "site/site.h"

/* What the site's sources say of petitions, and what is written into them. */
struct petition_source {
	int folder;
	GPtrArray *petitions, *site; /* documents, which the rules look into */
	struct petition_rule *list;
	struct petition_rules rules;
};

/* Errors with fault. petition_source_end() in any case. */
CAIRN_NODISCARD int petition_source_begin(struct petition_source *s, const char *path, struct site_fault *fault);
void petition_source_end(struct petition_source *s);

/*
 * Puts a file ("petitions/a.json") whole into the folder, in place of what was there: after a crash it is the one or
 * the other. Its folder is made. CAIRN_ERR_IO, CAIRN_ERR_SPACE with fault.
 */
CAIRN_NODISCARD int source_put(int folder, const char *file, const GString *text, struct site_fault *fault);

#endif
