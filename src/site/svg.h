// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_SVG_H
#define CAIRN_SITE_SVG_H

#include <glib.h>

#include "cairn/err.h"
#include "cairn/span.h"

/*
 * A drawing (SVG) written anew so that it may stand in a page: shapes and text alone. Elements and attributes that
 * are
 * not known are left out with what is in them; nothing in it loads, links or runs. CAIRN_ERR_FORMAT: no SVG.
 */
CAIRN_NODISCARD int svg_clean(GString *out, struct cairn_span text);

#endif
