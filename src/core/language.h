// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CORE_LANGUAGE_H
#define CAIRN_CORE_LANGUAGE_H

#include <stdbool.h>

#include "cairn/span.h"

/*
 * Is it a well-formed BCP 47 tag: the grammar of RFC 5646, section 2.1, in any case of letters? Whether
 * the subtags are registered is not asked, nor whether one stands twice.
 */
bool language_is_tag(struct cairn_span tag);

#endif
