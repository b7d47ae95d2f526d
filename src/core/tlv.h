// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CORE_TLV_H
#define CAIRN_CORE_TLV_H

#include "cairn/tlv.h"

/* A row of the table in cairn/tlv.h. */
struct tlv_kind {
	uint16_t type;
	const char *name;
	unsigned from; /* CAIRN_FROM_... */
	bool once;
	size_t least;
	size_t most;
};

/* Rows in the table's order, at most 64. */
extern const struct tlv_kind tlv_kinds[];
extern const size_t tlv_kind_count;

/* NULL: not a type of the table. */
const struct tlv_kind *tlv_kind_find(uint16_t type);

/*
 * The content of a record whose length fits the table. day is the header's, for hello and second.
 * CAIRN_ERR_FORMAT, or CAIRN_ERR_KEY for a public key that must not be used.
 */
CAIRN_NODISCARD int tlv_content_check(const struct cairn_record *record, uint32_t day);

/* Text of the protocol: well-formed UTF-8 without U+0000, else CAIRN_ERR_FORMAT. */
CAIRN_NODISCARD int tlv_text_check(const uint8_t *text, size_t bytes);

#endif
