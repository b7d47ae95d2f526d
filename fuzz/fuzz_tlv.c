// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/bytes.h"
#include "cairn/campaign.h"
#include "cairn/tlv.h"
#include "fuzz.h"

#define HEAD_BYTES 5U /* place, day */

static uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
static uint8_t again[CAIRN_DROP_PLAIN_BYTES];

static bool
at_campaign_only(uint16_t type)
{
	return (type & 0x7fff) >= 0x40 && (type & 0x7fff) <= 0x49 && cairn_tlv_name(type) != NULL;
}

/* What passed is written anew, record by record, and must come out the same. */
static void
write_anew(size_t plain_bytes, enum cairn_tlv_place place)
{
	struct cairn_records at = {plain, plain_bytes};
	struct cairn_tlv_writer w;
	struct cairn_record record;
	struct cairn_text_part part;

	cairn_tlv_begin(&w, again, plain_bytes);
	while (cairn_tlv_next(&at, &record)) {
		cairn_tlv_put(&w, record.type, record.value, record.bytes);
		if (record.type == CAIRN_TLV_text)
			FUZZ_CHECK(cairn_text_read(&part, &record) == CAIRN_OK && part.part < part.parts);
		FUZZ_CHECK(place == CAIRN_PLACE_CAMPAIGN || !at_campaign_only(record.type));
	}
	FUZZ_CHECK(cairn_tlv_end(&w) == CAIRN_OK);
	FUZZ_CHECK(memcmp(again, plain, plain_bytes) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	enum cairn_tlv_place place;
	struct cairn_record msgid;
	size_t plain_bytes;

	if (size < HEAD_BYTES)
		return 0;
	place = (enum cairn_tlv_place)(bytes[0] % 3);
	plain_bytes = place == CAIRN_PLACE_REPLY ? CAIRN_REPLY_PLAIN_BYTES : CAIRN_DROP_PLAIN_BYTES;
	size = size - HEAD_BYTES < plain_bytes ? size - HEAD_BYTES : plain_bytes;
	memset(plain, 0, sizeof plain);
	memcpy(plain, bytes + HEAD_BYTES, size);
	if (cairn_tlv_check(plain, plain_bytes, place, get_u32(bytes + 1)) != CAIRN_OK)
		return 0;
	FUZZ_CHECK(cairn_tlv_find(plain, plain_bytes, CAIRN_TLV_msgid, &msgid) && msgid.bytes == 16);
	write_anew(plain_bytes, place);
	return 0;
}
