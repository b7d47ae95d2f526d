// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_RELIANCE_JSON_H
#define CAIRN_RECORD_RELIANCE_JSON_H

#include <jansson.h>

#include "record/independence.h"
#include "record/reliance.h"

/*
 * A graph of reliances as JSON (data/schema/reliance.json). Strict: a key that is not known, one that is there twice,
 * a code that nothing bears, bytes behind the end refuse the whole.
 */
#define RELIANCE_JSON_BYTES_MAX (128U << 20)
#define RELIANCE_FAULT_BYTES 160U

/*
 * fault gets, in words for staff, what refused it; "" when nothing did. CAIRN_ERR_FORMAT, CAIRN_ERR_RANGE (too
 * much of something), CAIRN_ERR_CONFLICT (a code twice; an origin that relies on something), CAIRN_ERR_NOMEM; graph
 * is zeros then.
 */
CAIRN_NODISCARD int reliance_json_read(struct reliance *graph, char fault[RELIANCE_FAULT_BYTES],
    const void *bytes, size_t size);

/* The other way round; the caller's to drop. NULL: out of memory. */
json_t *reliance_json(const struct reliance *graph);

/*
 * The figures, for programs. With apart (may be NULL), the figures of INDEPENDENCE_APART beside them. each says
 * whether to tell of every vertex what falls with it. NULL: out of memory.
 */
json_t *independence_json(const struct reliance *graph, const struct independence *found,
    const struct independence *apart, bool each);

#endif
