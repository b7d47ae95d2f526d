// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/cover.h"

#include <sodium.h>

#include "desk/answer.h"
#include "desk/epoch.h"
#include "desk/receive.h"
#include "desk/talk.h"

static const char sql_date[] = "UPDATE message SET day = ? WHERE id = (SELECT max(id) FROM message)";
static const char sql_sent[] = "UPDATE reply SET state = 2 WHERE state = 0 AND conv = ?";

void
cover_person_init(struct cover_person *person)
{
	uint8_t root[CAIRN_KEY_BYTES];

	randombytes_buf(root, sizeof(root));
	cairn_conversation_init(&person->conv, root);
	person->begun = false;
	sodium_memzero(root, sizeof(root));
}

void
cover_person_clear(struct cover_person *person)
{
	cairn_conversation_clear(&person->conv);
}

static void
letter_records(struct cairn_tlv_writer *w, struct cairn_span language, struct cairn_span text)
{
	uint8_t group[8];

	randombytes_buf(group, sizeof(group));
	if (language.size > 0)
		cairn_tlv_put(w, CAIRN_TLV_language, language.text, (uint16_t)language.size);
	cairn_tlv_put_text(w, group, 0, 1, text.text, text.size);
}

/* A drop cell as that person would have sent it, to the key of the day it is taken in. */
static int
letter_seal(struct desk *desk, uint8_t cell[CAIRN_DROP_CELL_BYTES], const struct cover_person *person,
    struct cairn_span language, struct cairn_span text, uint32_t today)
{
	const struct cairn_drop_header header = {.door = CAIRN_DOOR_INTAKE, .day = today};
	uint8_t plain[CAIRN_DROP_PLAIN_BYTES], msgid[CAIRN_MSGID_BYTES], eseed[CAIRN_XWING_ESEED_BYTES];
	const struct cairn_xwing_key *key;
	struct cairn_tlv_writer w;
	int err = epoch_find(desk, &key, &header);

	randombytes_buf(msgid, sizeof(msgid));
	randombytes_buf(eseed, sizeof(eseed));
	if (err == CAIRN_OK)
		err = cairn_drop_begin(&w, plain, &header, &person->conv, key->public_key, msgid);
	if (err == CAIRN_OK && text.size + language.size + CAIRN_TEXT_HEAD_BYTES + 16 > cairn_tlv_room(&w))
		err = CAIRN_ERR_RANGE;
	if (err == CAIRN_OK) {
		letter_records(&w, language, text);
		err = cairn_drop_seal(cell, plain, &header, desk->self.desk_id, key->public_key, eseed);
	}
	sodium_memzero(plain, sizeof(plain));
	return err;
}

static int
letter_take(struct desk *desk, const uint8_t cell[CAIRN_DROP_CELL_BYTES], uint64_t at)
{
	struct received tally = {.kept = 0};
	struct query q;
	int err = receive_cell(desk, &tally, cell, at);

	if (err == CAIRN_OK && tally.kept != 1)
		err = CAIRN_ERR_FORMAT;
	if (err != CAIRN_OK)
		return err;
	q = db_query(desk->state, sql_date);
	bind_int(&q, desk_day(at));
	return query_run(&q);
}

int
cover_letter(struct desk *desk, struct cover_person *person, struct cairn_span language, struct cairn_span text,
    uint64_t at, uint64_t now)
{
	uint8_t cell[CAIRN_DROP_CELL_BYTES];
	int err = text.size == 0 || at > now ? CAIRN_ERR_RANGE : CAIRN_OK;

	if (err == CAIRN_OK)
		err = letter_seal(desk, cell, person, language, text, desk_day(now));
	if (err == CAIRN_OK)
		err = db_begin(desk->state);
	if (err == CAIRN_OK)
		err = db_end(desk->state, letter_take(desk, cell, at));
	person->begun = person->begun || err == CAIRN_OK;
	return err;
}

static int
mark_read(struct desk *desk, uint64_t conv, uint64_t at)
{
	struct talk *talk;
	int err = talk_read(&talk, desk->state, conv);

	if (err == CAIRN_OK) {
		err = talk_mark_read(talk, desk, at);
		talk_free(talk);
	}
	return err;
}

/* Not for the board: whoever it is for does not exist. */
int
cover_answer(struct desk *desk, const struct cover_person *person, struct cairn_span text, uint64_t at)
{
	const struct answer answer = {.text = text};
	struct answered answered;
	struct query q = query(desk->state, SQL_CONV_BY_ID);
	uint64_t conv;
	int err;

	bind_bytes(&q, person->conv.id, sizeof(person->conv.id));
	err = query_number(&q, &conv);
	if (err == CAIRN_OK && (!person->begun || conv == 0))
		err = CAIRN_ERR_STATE;
	if (err == CAIRN_OK)
		err = mark_read(desk, conv, at);
	if (err == CAIRN_OK)
		err = desk_answer(desk, &answered, conv, &answer, at);
	if (err != CAIRN_OK)
		return err;
	q = db_query(desk->state, sql_sent);
	bind_int(&q, conv);
	return query_run(&q);
}
