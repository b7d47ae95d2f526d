// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/bytes.h"
#include "base/reader.h"
#include "base/text.h"
#include "cairn/conversation.h"
#include "cairn/file.h"
#include "core/campaign.h"
#include "core/language.h"
#include "core/tlv.h"

/*
 * What stands in a record, one small function each, and at the end the table that says which is
 * for which type. Lengths were checked before; a type that is not in the table takes any content.
 */

#define DAY_MINUTES 1440U
#define WEEKDAY_BITS 0x7fU
#define STATEMENT_SLOTS 4U

int
tlv_text_check(const uint8_t *text, size_t bytes)
{
	if (memchr(text, 0, bytes) != NULL || !text_is_utf8(text, bytes))
		return CAIRN_ERR_FORMAT;
	return CAIRN_OK;
}

static int
hello_check(const struct cairn_record *record, uint32_t day)
{
	struct cairn_hello hello;
	int err = cairn_hello_read(&hello, record->value);

	if (err != CAIRN_OK)
		return err;
	return hello.day == day ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

static int
text_part_check(const struct cairn_record *record, uint32_t day)
{
	struct cairn_text_part part;

	(void)day;
	return cairn_text_read(&part, record);
}

static int
language_check(const struct cairn_record *record, uint32_t day)
{
	struct cairn_span tag = {(const char *)record->value, record->bytes};

	(void)day;
	return language_is_tag(tag) ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

/* An hour past midnight is one of the next day, so both ends are minutes of a day. */
static int
answer_window_check(const struct cairn_record *record, uint32_t day)
{
	(void)day;
	if (get_u16(record->value) >= DAY_MINUTES || get_u16(record->value + 2) >= DAY_MINUTES)
		return CAIRN_ERR_FORMAT;
	return (record->value[4] & ~WEEKDAY_BITS) == 0 ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

static int
file_check(const struct cairn_record *record, uint32_t day)
{
	struct cairn_manifest manifest;

	(void)day;
	return cairn_manifest_read(&manifest, record->value, record->bytes);
}

static int
statement_check(const struct cairn_record *record, uint32_t day)
{
	(void)day;
	if (record->value[0] >= STATEMENT_SLOTS)
		return CAIRN_ERR_FORMAT;
	return tlv_text_check(record->value + 1, record->bytes - 1U);
}

static int
all_text_check(const struct cairn_record *record, uint32_t day)
{
	(void)day;
	return tlv_text_check(record->value, record->bytes);
}

/* Question and answer: u16 id, text. */
static int
numbered_check(const struct cairn_record *record, uint32_t day)
{
	(void)day;
	return tlv_text_check(record->value + 2, record->bytes - 2U);
}

static const struct content {
	uint16_t type;
	int (*check)(const struct cairn_record *record, uint32_t day);
} contents[] = {
    {CAIRN_TLV_hello, hello_check},
    {CAIRN_TLV_text, text_part_check},
    {CAIRN_TLV_language, language_check},
    {CAIRN_TLV_answer_window, answer_window_check},
    {CAIRN_TLV_file, file_check},
    {CAIRN_TLV_second, hello_check},
    {CAIRN_TLV_statement, statement_check},
    {CAIRN_TLV_all_clear, all_text_check},
    {CAIRN_TLV_answer, numbered_check},
    {CAIRN_TLV_question, numbered_check},
    {CAIRN_TLV_signature, campaign_signature_check},
    {CAIRN_TLV_name, all_text_check},
    {CAIRN_TLV_country, campaign_country_check},
    {CAIRN_TLV_e_mail, campaign_e_mail_check},
    {CAIRN_TLV_comment, campaign_comment_check},
    {CAIRN_TLV_proof, campaign_proof_check},
    {CAIRN_TLV_gathering, campaign_gathering_check},
    {CAIRN_TLV_place, all_text_check},
    {CAIRN_TLV_title, all_text_check},
    {CAIRN_TLV_withdrawal, campaign_withdrawal_check},
};

int
tlv_content_check(const struct cairn_record *record, uint32_t day)
{
	for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++)
		if (contents[i].type == record->type)
			return contents[i].check(record, day);
	return CAIRN_OK;
}

int
cairn_text_read(struct cairn_text_part *part, const struct cairn_record *record)
{
	struct cairn_text_part read;
	struct reader r;
	const uint8_t *text;

	if (record->bytes <= CAIRN_TEXT_HEAD_BYTES)
		return CAIRN_ERR_FORMAT;
	reader_init(&r, record->value, record->bytes);
	take_bytes(&r, read.group, sizeof read.group);
	take_u8(&r, &read.part);
	take_u8(&r, &read.parts);
	read.bytes = r.left;
	text = take_view(&r, r.left);
	read.text = (const char *)text;
	if (reader_end(&r) != CAIRN_OK || read.part >= read.parts)
		return CAIRN_ERR_FORMAT;
	if (tlv_text_check(text, read.bytes) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	*part = read;
	return CAIRN_OK;
}
