// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_CLAIM_DIFF_H
#define CAIRN_SITE_CLAIM_DIFF_H

#include <stdio.h>

#include "site/claim.h"

/*
 * What a claim says that is not public yet, and what somebody learns who lays it beside the claims that are. One line
 * each to out, for staff. Returns how many lines.
 */
size_t claim_diff(FILE *out, const struct claim *claim, const struct claim *published, size_t count);

#endif
