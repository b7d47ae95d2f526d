// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_KINDS_H
#define CAIRN_SITE_KINDS_H

#include "site/document.h"

/* What may stand in each kind of source but entries (docs/site.md has the same tables). */
extern const struct head_key site_keys[], petition_keys[], letter_keys[], give_keys[];
extern const size_t site_key_count, petition_key_count, letter_key_count, give_key_count;
extern const struct json_field claim_fields[], event_fields[], count_fields[], comments_fields[];

#endif
