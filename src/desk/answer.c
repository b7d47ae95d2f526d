// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/answer.h"

#include <sodium.h>

#include "base/text.h"
#include "desk/inbox.h"
#include "desk/tell.h"
#include "desk/tags.h"
#include "desk/words.h"

#define PART_MOST (CAIRN_REPLY_PLAIN_BYTES - 64U)

/* An answer on its way into the queue; the texts are secret. */
struct answering {
	struct desk *desk;
	const struct answer *answer;
	struct answered *ret;
	uint64_t conv;
	uint64_t now;
	uint32_t questions;     /* asked before */
	struct cairn_span rest; /* text not yet in a cell */
	uint8_t group[8];
	uint8_t part;
	uint8_t parts;
	struct cairn_tlv_writer w;
	uint8_t msgid[CAIRN_MSGID_BYTES];
	uint8_t plain[CAIRN_REPLY_PLAIN_BYTES];
};

static void
cell_begin(struct answering *a)
{
	cairn_tlv_begin(&a->w, a->plain, sizeof(a->plain));
	randombytes_buf(a->msgid, sizeof(a->msgid));
	cairn_tlv_put(&a->w, CAIRN_TLV_msgid, a->msgid, sizeof(a->msgid));
}

/* Tells the person which of their messages somebody has read. */
static int
cell_received(struct answering *a)
{
	uint64_t rows[ANSWER_RECEIVED_MAX];
	uint8_t msgid[CAIRN_MSGID_BYTES];
	struct query q = query(a->desk->state, SQL_MESSAGE_TO_ACKNOWLEDGE);
	size_t count = 0;
	int err;

	bind_int(&q, a->conv);
	bind_int(&q, ANSWER_RECEIVED_MAX);
	while (count < ANSWER_RECEIVED_MAX && query_row(&q)) {
		rows[count++] = query_int(&q, 0);
		query_bytes(&q, 1, msgid, sizeof(msgid));
		cairn_tlv_put(&a->w, CAIRN_TLV_received, msgid, sizeof(msgid));
	}
	err = query_end(&q);
	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		q = query(a->desk->state, SQL_MESSAGE_ACKNOWLEDGED);
		bind_int(&q, rows[i]);
		err = query_run(&q);
	}
	a->ret->received = count;
	return err;
}

static void
cell_plans(struct answering *a)
{
	a->ret->first_question = a->questions + 1;
	for (size_t i = 0; i < a->answer->question_count; i++)
		cairn_tlv_put_numbered(&a->w, CAIRN_TLV_question, (uint16_t)++a->questions,
		    a->answer->questions[i].text, a->answer->questions[i].size);
	if (a->answer->check_in_due != 0)
		cairn_tlv_put_u32(&a->w, CAIRN_TLV_check_in_due, a->answer->check_in_due);
	if (a->answer->answer_by != 0)
		cairn_tlv_put_u32(&a->w, CAIRN_TLV_answer_by, a->answer->answer_by);
}

/* Bytes of the rest that the cell takes beside what it holds already. */
static size_t
cell_piece(const struct answering *a, struct cairn_span rest)
{
	size_t room = cairn_tlv_room(&a->w);

	if (rest.size == 0 || room < CAIRN_TEXT_HEAD_BYTES + 64)
		return 0;
	room -= CAIRN_TEXT_HEAD_BYTES;
	return cairn_text_piece(rest.text, rest.size, room < PART_MOST ? room : PART_MOST);
}

static void
cell_text(struct answering *a)
{
	size_t piece = cell_piece(a, a->rest);

	if (piece == 0)
		return;
	cairn_tlv_put_text(&a->w, a->group, a->part++, a->parts, a->rest.text, piece);
	a->rest.text += piece;
	a->rest.size -= piece;
}

/* How many parts the text will have; the first cell, which is written already, takes less of it than the others. */
static int
count_parts(struct answering *a)
{
	struct answering *later = malloc(sizeof(*later));
	struct cairn_span rest = a->rest;
	size_t piece = cell_piece(a, rest);
	size_t parts = piece > 0 ? 1 : 0;

	if (later == NULL)
		return CAIRN_ERR_NOMEM;
	cell_begin(later);
	for (;;) {
		rest.text += piece;
		rest.size -= piece;
		piece = cell_piece(later, rest);
		if (piece == 0)
			break;
		parts++;
	}
	free(later);
	if (parts > ANSWER_CELLS_MAX)
		return CAIRN_ERR_RANGE;
	a->parts = (uint8_t)parts;
	return CAIRN_OK;
}

static int
cell_queue(struct answering *a)
{
	uint8_t sealed[CAIRN_REPLY_PLAIN_BYTES + WORDS_COST];
	size_t used = a->w.used;
	struct query q;
	int err = cairn_tlv_end(&a->w);

	if (err == CAIRN_OK)
		err = cairn_tlv_check(a->plain, sizeof(a->plain), CAIRN_PLACE_REPLY, 0);
	if (err == CAIRN_OK)
		err = words_seal(a->desk->state, sealed, a->conv, a->plain, used);
	if (err != CAIRN_OK)
		return err;
	q = query(a->desk->state, SQL_REPLY_ADD);
	bind_int(&q, a->conv);
	bind_bytes(&q, a->msgid, sizeof(a->msgid));
	bind_int(&q, a->now);
	bind_bytes(&q, sealed, used + WORDS_COST);
	a->ret->cells++;
	return query_run(&q);
}

static int
answer_cells(struct answering *a)
{
	int err;

	cell_begin(a);
	err = cell_received(a);
	if (err != CAIRN_OK)
		return err;
	cell_plans(a);
	err = count_parts(a);
	while (err == CAIRN_OK) {
		cell_text(a);
		err = cell_queue(a);
		if (a->rest.size == 0)
			break;
		cell_begin(a);
	}
	return err;
}

static int
answer_mark(struct answering *a)
{
	struct query q = query(a->desk->state, SQL_CONV_ANSWERED);
	int err;

	bind_int(&q, a->conv);
	bind_int(&q, a->now);
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	q = query(a->desk->state, SQL_CONV_PLANNED);
	bind_int(&q, a->conv);
	bind_int(&q, a->answer->answer_by);
	bind_int(&q, a->answer->check_in_due);
	bind_int(&q, a->questions);
	return query_run(&q);
}

static int
answer_queue(struct answering *a)
{
	struct inbox_line line;
	bool ready;
	int err = inbox_get(a->desk->state, &line, a->conv);

	if (err != CAIRN_OK)
		return err;
	a->questions = line.questions;
	err = answer_cells(a);
	if (err == CAIRN_OK)
		err = answer_mark(a);
	if (err == CAIRN_OK)
		err = tell_answered(a->desk, a->conv, a->answer->answer_by, a->answer->check_in_due, false, a->now);
	if (err == CAIRN_OK)
		err = tags_ready(a->desk->state, &ready, a->conv, desk_day(a->now));
	if (err == CAIRN_OK)
		a->ret->held = !ready;
	return err;
}

static bool
answer_text_ok(struct cairn_span text)
{
	if (text.size == 0)
		return true;
	return text_is_utf8((const uint8_t *)text.text, text.size) && memchr(text.text, '\0', text.size) == NULL;
}

static int
answer_check(struct desk *desk, uint64_t conv, const struct answer *answer)
{
	bool plain = answer_text_ok(answer->text);

	if (conv == 0)
		return desk_trouble(desk, CAIRN_ERR_UNKNOWN, "letters without a conversation cannot be answered");
	if (answer->text.size == 0 && answer->question_count == 0 && answer->answer_by == 0 &&
	    answer->check_in_due == 0)
		return desk_trouble(desk, CAIRN_ERR_RANGE, "there is nothing to send: give a "
							   "text, a question or a time");
	for (size_t i = 0; i < answer->question_count; i++) {
		plain = plain && answer_text_ok(answer->questions[i]);
		if (answer->questions[i].size == 0 || answer->questions[i].size > ANSWER_QUESTION_BYTES_MAX)
			return desk_trouble(desk, CAIRN_ERR_RANGE, "a question has 1 to 1024 bytes");
	}
	if (!plain)
		return desk_trouble(desk, CAIRN_ERR_FORMAT, "the text is not UTF-8");
	return CAIRN_OK;
}

int
desk_answer(struct desk *desk, struct answered *ret, uint64_t conv, const struct answer *answer, uint64_t now)
{
	struct answering *a;
	int err;

	memset(ret, 0, sizeof(*ret));
	err = answer_check(desk, conv, answer);
	if (err != CAIRN_OK)
		return err;
	a = calloc(1, sizeof(*a));
	err = a == NULL ? CAIRN_ERR_NOMEM : db_begin(desk->state);
	if (err == CAIRN_OK) {
		a->desk = desk;
		a->answer = answer;
		a->ret = ret;
		a->conv = conv;
		a->now = now;
		a->rest = answer->text;
		randombytes_buf(a->group, sizeof(a->group));
		err = db_end(desk->state, answer_queue(a));
	}
	if (a != NULL)
		sodium_memzero(a, sizeof(*a));
	free(a);
	if (err == CAIRN_ERR_UNKNOWN)
		return desk_trouble(desk, err, "there is no such conversation");
	if (err == CAIRN_ERR_RANGE)
		return desk_trouble(desk, err, "the text is too long for one day's answers: send it in pieces");
	return desk_state_trouble(desk, err);
}

int
desk_answer_none(struct desk *desk, uint64_t conv, uint64_t now)
{
	struct query q;
	int err = db_begin(desk->state);

	if (err != CAIRN_OK)
		return desk_state_trouble(desk, err);
	q = query(desk->state, SQL_CONV_ANSWERED);
	bind_int(&q, conv);
	bind_int(&q, now);
	err = query_run(&q);
	if (err == CAIRN_OK)
		err = tell_answered(desk, conv, 0, 0, true, now);
	return desk_state_trouble(desk, db_end(desk->state, err));
}
