// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_FIGURES_H
#define CAIRN_SITE_FIGURES_H

#include "site/model.h"

/*
 * How far the sources of what is shown are independent of each other, computed out of reliance.json in the source
 * folder (docs/record.md, "Independence") for each event and claim whose "graph" names a claim of it: "origins",
 * "ways" and "rests-on", what was said against it, and the drawing. Nothing of the file is published but these; a
 * code of a person or a place is in none of them.
 */
#define FIGURES_GRAPH "reliance.json"

/* CAIRN_ERR_FORMAT with site->fault: no such graph or claim, or a figure that was typed beside it. */
CAIRN_NODISCARD int figures_load(struct site *site);

#endif
