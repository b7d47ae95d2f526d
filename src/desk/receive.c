// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/receive.h"

#include <sodium.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "cairn/file.h"
#include "desk/alarm.h"
#include "desk/alias.h"
#include "desk/epoch.h"
#include "desk/files.h"
#include "desk/sealed.h"
#include "desk/seen.h"
#include "desk/tags.h"
#include "desk/words.h"

#define RECEIVE_WINDOWS_MAX 8U
#define WINDOW_BYTES 5U
#define SECOND_TAG_AT (CAIRN_HELLO_BLOCK_BYTES - CAIRN_KEY_BYTES)
#define URGENCY_MOST 3U

/* A cell on its way in. plain is secret. */
struct incoming {
	struct desk *desk;
	struct received *tally;
	uint64_t now;
	struct cairn_drop_header header;
	uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
	uint8_t kept[CAIRN_DROP_PLAIN_BYTES];
	size_t kept_bytes;
	bool told; /* by another device, which has opened it */
	bool has_hello;
	struct cairn_hello hello;
	uint8_t msgid[CAIRN_MSGID_BYTES];
	uint64_t conv;
	uint64_t message;
	/* of the conversation, before this message */
	uint64_t door;
	uint64_t waits_since;
	uint64_t urgency;
	struct tags_held tags;
};

/* What a message changes in its conversation's line of the inbox. */
struct summary {
	struct cairn_span language;
	struct cairn_span needs;
	uint8_t windows[RECEIVE_WINDOWS_MAX * WINDOW_BYTES];
	size_t window_bytes;
	bool has_urgency;
	uint64_t urgency;
	uint32_t check_in;
};

size_t
receive_scrub(uint8_t out[CAIRN_DROP_PLAIN_BYTES], const uint8_t plain[CAIRN_DROP_PLAIN_BYTES])
{
	struct cairn_records at = {plain, CAIRN_DROP_PLAIN_BYTES};
	struct cairn_record record;
	size_t used = 0;

	while (cairn_tlv_next(&at, &record)) {
		if (record.type == CAIRN_TLV_hello)
			continue;
		put_u16(out + used, record.type);
		put_u16(out + used + 2, record.bytes);
		memcpy(out + used + 4, record.value, record.bytes);
		if (record.type == CAIRN_TLV_file)
			memset(out + used + 4, 0, CAIRN_KEY_BYTES);
		if (record.type == CAIRN_TLV_second)
			memset(out + used + 4 + SECOND_TAG_AT, 0, CAIRN_KEY_BYTES);
		used += 4U + record.bytes;
	}
	return used;
}

/* The hello of a cell that cairn_drop_open() has passed: its keys were checked there, which takes a while. */
static void
hello_view(struct cairn_hello *hello, const uint8_t block[CAIRN_HELLO_BLOCK_BYTES])
{
	hello->reply_key = block;
	hello->auth_key = block + CAIRN_XWING_PUBLIC_BYTES;
	hello->day = get_u32(hello->auth_key + 32);
	hello->tag_key = hello->auth_key + 36;
	cairn_conversation_id(hello->conv_id, hello->reply_key, hello->auth_key);
}

static int
conv_find(struct db *state, const uint8_t id[CAIRN_CONV_ID_BYTES], uint32_t month, struct incoming *in)
{
	struct query q = query(state, SQL_CONV_FIND);

	bind_bytes(&q, id, CAIRN_CONV_ID_BYTES);
	bind_int(&q, month);
	in->conv = 0;
	in->door = 0;
	in->waits_since = 0;
	in->urgency = 0;
	in->tags = (struct tags_held){.found = false};
	if (query_row(&q)) {
		in->conv = query_int(&q, 0);
		in->door = query_int(&q, 1);
		in->waits_since = query_int(&q, 2);
		in->urgency = query_int(&q, 3);
		in->tags.found = query_span(&q, 5).text != NULL;
		in->tags.day = (uint32_t)query_int(&q, 4);
		if (in->tags.found)
			query_sealed(&q, 5, in->tags.key,
			    (struct sealed_row){"tag", in->conv, month, in->tags.day});
		in->tags.proven = query_int(&q, 6) != 0;
	}
	return query_end(&q);
}

static int
conv_add(struct db *state, uint64_t *ret_conv, const struct cairn_hello *hello, enum cairn_door door,
    uint64_t now)
{
	struct query q = query(state, SQL_CONV_LAST);
	int err = query_number(&q, ret_conv);

	if (err != CAIRN_OK)
		return err;
	++*ret_conv;
	q = query(state, SQL_CONV_ADD);
	bind_int(&q, *ret_conv);
	bind_bytes(&q, hello->conv_id, sizeof(hello->conv_id));
	bind_int(&q, alias_draw());
	bind_int(&q, door);
	bind_int(&q, now);
	err = query_run(&q);
	if (err != CAIRN_OK)
		return err;
	q = query(state, SQL_CONV_KEY_ADD);
	bind_int(&q, *ret_conv);
	bind_bytes(&q, hello->reply_key, CAIRN_XWING_PUBLIC_BYTES);
	return query_run(&q);
}

static int
raise_alarm(struct incoming *in, enum alarm_kind kind, uint64_t a, uint64_t b)
{
	struct alarm alarm = {in->now, in->conv, kind, a, b};

	in->tally->alarms++;
	return alarm_raise(in->desk->state, &alarm);
}

/* Finds or begins the conversation. Letters to the campaign door may have none: number 0. */
static int
receive_conversation(struct incoming *in)
{
	static const uint8_t none[CAIRN_CONV_ID_BYTES];
	uint32_t month = in->header.day / CAIRN_MONTH_DAYS;
	int err = conv_find(in->desk->state, in->has_hello ? in->hello.conv_id : none, month, in);

	if (err != CAIRN_OK || in->conv != 0 || !in->has_hello) /* number 0 stands since the founding */
		return err;
	in->door = in->header.door;
	err = conv_add(in->desk->state, &in->conv, &in->hello, in->header.door, in->now);
	if (err == CAIRN_OK)
		in->tally->begun++;
	return err;
}

static int
receive_hello(struct incoming *in)
{
	enum tags_result result;
	int err = tags_take(in->desk->state, &result, in->conv, &in->hello, &in->tags, true, desk_day(in->now));

	if (err == CAIRN_OK && result == TAGS_BREAKS)
		err = raise_alarm(in, ALARM_TAGS, in->hello.day, in->hello.day / CAIRN_MONTH_DAYS);
	return err;
}

static int
receive_message(struct incoming *in, bool *fresh)
{
	uint8_t sealed[CAIRN_DROP_PLAIN_BYTES + WORDS_COST];
	struct query q;
	int err;

	in->kept_bytes = receive_scrub(in->kept, in->plain);
	err = words_seal(in->desk->state, sealed, in->conv, in->kept, in->kept_bytes);
	if (err != CAIRN_OK)
		return err;
	q = query(in->desk->state, SQL_MESSAGE_ADD);
	bind_int(&q, in->conv);
	bind_bytes(&q, in->msgid, sizeof(in->msgid));
	bind_int(&q, in->header.door);
	bind_int(&q, in->header.day);
	bind_int(&q, in->now);
	bind_bytes(&q, sealed, in->kept_bytes + WORDS_COST);
	err = query_run(&q);
	*fresh = err == CAIRN_OK && db_changes(in->desk->state) == 1;
	if (*fresh)
		in->message = db_last_row(in->desk->state);
	return err;
}

/*
 * A second conversation, named inside the first. Whoever has the first passphrase may have written it, so it takes
 * nothing away from a conversation that is known: it is kept beside, dated, for a person to judge.
 */
static int
receive_second(struct incoming *in, const struct cairn_record *record)
{
	struct incoming other = {.desk = in->desk};
	enum tags_result result;
	struct cairn_hello hello;
	struct query q;
	bool known;
	int err = cairn_hello_read(&hello, record->value);

	if (err != CAIRN_OK)
		return CAIRN_OK; /* cairn_tlv_check() has refused such a cell already */
	err = conv_find(in->desk->state, hello.conv_id, hello.day / CAIRN_MONTH_DAYS, &other);
	known = other.conv != 0;
	if (err == CAIRN_OK && !known)
		err = conv_add(in->desk->state, &other.conv, &hello, in->header.door, in->now);
	if (err == CAIRN_OK)
		err = tags_take(in->desk->state, &result, other.conv, &hello, NULL, false, desk_day(in->now));
	if (err == CAIRN_OK && result == TAGS_BREAKS)
		err = raise_alarm(in, ALARM_SECOND_TAGS, hello.day, other.conv);
	if (err != CAIRN_OK)
		return err;
	q = query(in->desk->state, SQL_SECOND_ADD);
	bind_int(&q, in->conv);
	bind_int(&q, other.conv);
	bind_int(&q, in->now);
	return query_run(&q);
}

/* What another device was told: its tag key is not in it, and comes in a box. */
static int
second_told(struct incoming *in, const struct cairn_record *record)
{
	struct incoming other = {.desk = in->desk};
	struct cairn_hello hello;
	struct query q;
	int err;

	hello_view(&hello, record->value);
	err = conv_find(in->desk->state, hello.conv_id, hello.day / CAIRN_MONTH_DAYS, &other);
	sodium_memzero(&other.tags, sizeof(other.tags));
	if (err != CAIRN_OK || other.conv == 0)
		return err;
	q = query(in->desk->state, SQL_SECOND_ADD);
	bind_int(&q, in->conv);
	bind_int(&q, other.conv);
	bind_int(&q, in->now);
	return query_run(&q);
}

static int
receive_record(struct incoming *in, struct summary *sum, const struct cairn_record *record)
{
	const struct cairn_span text = {(const char *)record->value, record->bytes};

	switch (record->type) {
	case CAIRN_TLV_language:
		sum->language = text;
		return CAIRN_OK;
	case CAIRN_TLV_need:
		sum->needs = text;
		return CAIRN_OK;
	case CAIRN_TLV_answer_window:
		if (sum->window_bytes + WINDOW_BYTES > sizeof(sum->windows))
			return CAIRN_OK;
		memcpy(sum->windows + sum->window_bytes, record->value, WINDOW_BYTES);
		sum->window_bytes += WINDOW_BYTES;
		return CAIRN_OK;
	case CAIRN_TLV_urgency:
		sum->has_urgency = true;
		sum->urgency = record->value[0] > URGENCY_MOST ? URGENCY_MOST : record->value[0];
		return CAIRN_OK;
	case CAIRN_TLV_check_in:
		sum->check_in = get_u32(record->value);
		return CAIRN_OK;
	case CAIRN_TLV_second:
		return in->told ? second_told(in, record) : receive_second(in, record);
	case CAIRN_TLV_file:
		/* Its key stays with the device that collects it, which fetches it. */
		if (in->told)
			return CAIRN_OK;
		in->tally->files++;
		return files_want(in->desk->state, in->conv, in->message, in->header.door, record);
	case CAIRN_TLV_seen:
		return in->told
		    ? CAIRN_OK
		    : seen_check(in->desk, &in->tally->alarms, in->conv, in->header.day, record->value, in->now);
	default:
		return CAIRN_OK;
	}
}

/* The most urgent of what waits counts; once all is answered, what was said last. */
static uint64_t
summary_urgency(const struct incoming *in, const struct summary *sum)
{
	if (!sum->has_urgency)
		return in->urgency;
	if (in->waits_since == 0 || sum->urgency > in->urgency)
		return sum->urgency;
	return in->urgency;
}

static void
bind_some(struct query *q, const void *bytes, size_t size)
{
	bind_bytes(q, size == 0 ? NULL : bytes, size);
}

static int
receive_summary(struct incoming *in, const struct summary *sum)
{
	struct query q = query(in->desk->state, SQL_CONV_HEARD);

	bind_int(&q, in->conv);
	bind_int(&q, in->header.door < in->door ? in->header.door : in->door);
	bind_int(&q, in->waits_since == 0 ? in->now : in->waits_since);
	bind_int(&q, in->now);
	bind_int(&q, summary_urgency(in, sum));
	bind_int(&q, sum->check_in);
	bind_text(&q, sum->language);
	bind_some(&q, sum->needs.text, sum->needs.size);
	bind_some(&q, sum->windows, sum->window_bytes);
	return query_run(&q);
}

static int
receive_records(struct incoming *in)
{
	struct cairn_records at = {in->plain, sizeof(in->plain)};
	struct summary sum = {.window_bytes = 0};
	struct cairn_record record;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && cairn_tlv_next(&at, &record))
		err = receive_record(in, &sum, &record);
	return err == CAIRN_OK ? receive_summary(in, &sum) : err;
}

static int
receive_keep(struct incoming *in)
{
	struct cairn_record record;
	bool fresh = false;
	int err;

	in->has_hello = cairn_tlv_find(in->plain, sizeof(in->plain), CAIRN_TLV_hello, &record);
	if (in->has_hello)
		hello_view(&in->hello, record.value);
	if (cairn_tlv_find(in->plain, sizeof(in->plain), CAIRN_TLV_msgid, &record))
		memcpy(in->msgid, record.value, sizeof(in->msgid));
	err = receive_conversation(in);
	if (err == CAIRN_OK)
		err = receive_message(in, &fresh);
	if (err != CAIRN_OK)
		return err;
	if (!fresh) {
		in->tally->known++;
		return CAIRN_OK;
	}
	in->tally->kept++;
	if (in->has_hello)
		err = receive_hello(in);
	return err == CAIRN_OK ? receive_records(in) : err;
}

/* As conv_find(), where the conversation is known; a hello is not told. */
static int
conv_state(struct db *state, struct incoming *in, uint64_t conv)
{
	struct query q = query(state, SQL_CONV_GET);

	bind_int(&q, conv);
	in->conv = conv;
	if (query_row(&q)) {
		in->door = query_int(&q, 3);
		in->urgency = query_int(&q, 6);
		in->waits_since = query_int(&q, 9);
	}
	return query_end(&q);
}

static int
message_shared(struct db *state, uint64_t message)
{
	struct query q = query(state, SQL_MESSAGE_SHARED);

	bind_int(&q, message);
	return query_run(&q);
}

int
receive_cell(struct desk *desk, struct received *tally, const uint8_t cell[CAIRN_DROP_CELL_BYTES], uint64_t now)
{
	struct incoming in;
	const struct cairn_xwing_key *key;
	int err;

	in.desk = desk;
	in.tally = tally;
	in.told = false;
	in.now = now;
	if (cairn_drop_header_read(&in.header, cell) != CAIRN_OK) {
		tally->refused++;
		return CAIRN_OK;
	}
	err = epoch_find(desk, &key, &in.header);
	if (err == CAIRN_ERR_UNKNOWN) {
		tally->unopened++;
		return CAIRN_OK;
	}
	if (err != CAIRN_OK)
		return err;
	if (cairn_drop_open(in.plain, cell, desk->self.desk_id, key) != CAIRN_OK)
		tally->refused++;
	else
		err = receive_keep(&in);
	sodium_memzero(in.plain, sizeof(in.plain));
	sodium_memzero(in.kept, sizeof(in.kept));
	sodium_memzero(&in.tags, sizeof(in.tags));
	return err;
}

int
receive_told(struct desk *desk, uint64_t conv, const struct op_message *said)
{
	struct received tally = {0};
	struct incoming *in = sodium_malloc(sizeof(*in));
	bool fresh = false;
	int err = in == NULL ? CAIRN_ERR_NOMEM : CAIRN_OK;

	if (err == CAIRN_OK && said->records.size + 2 > sizeof(in->plain))
		err = CAIRN_ERR_RANGE;
	if (err == CAIRN_OK) {
		memset(in, 0, sizeof(*in));
		in->desk = desk;
		in->tally = &tally;
		in->told = true;
		in->now = said->at;
		in->header.door = said->door == CAIRN_DOOR_CAMPAIGN ? CAIRN_DOOR_CAMPAIGN : CAIRN_DOOR_INTAKE;
		in->header.day = said->day;
		memcpy(in->plain, said->records.text, said->records.size);
		memcpy(in->msgid, said->msgid, sizeof(in->msgid));
		err = conv_state(desk->state, in, conv);
	}
	if (err == CAIRN_OK)
		err = receive_message(in, &fresh);
	if (err == CAIRN_OK && fresh)
		err = receive_records(in);
	if (err == CAIRN_OK && fresh)
		err = message_shared(desk->state, in->message);
	sodium_free(in);
	/* Bytes that no device of this version says: passed over, like a cell that is none. */
	return err == CAIRN_ERR_RANGE ? CAIRN_OK : err;
}
