// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "lib/paper.h"
#include "lib/test.h"

#define HOUR 480256U
#define DAY (HOUR / 24U)

struct story {
	struct paper p;
	struct cairn_client client;
	struct cairn_conversation conv;
	struct cairn_memory memory;
	struct cairn_letter letters[3];
	struct cairn_send send;
};

static struct story *
begin(void)
{
	static const uint8_t root[CAIRN_KEY_BYTES] = {7};
	struct story *s = calloc(1, sizeof *s);

	assert_non_null(s);
	paper_init(&s->p, 2, HOUR);
	paper_publish(&s->p, HOUR, NULL, 0);
	cairn_conversation_init(&s->conv, root);
	return s;
}

static void
end(struct story *s)
{
	cairn_send_clear(&s->send);
	paper_release(&s->p);
	free(s);
}

static void
write_letter(struct cairn_letter *letter, uint8_t id, const char *text)
{
	static const uint8_t group[8] = {1};
	struct cairn_tlv_writer w;

	memset(letter->msgid, id, sizeof letter->msgid);
	cairn_tlv_begin(&w, letter->records, sizeof letter->records);
	cairn_tlv_put_text(&w, group, 0, 1, text, strlen(text));
	letter->bytes = w.used;
	assert_ok(w.err);
}

static enum cairn_step
send_letters(struct story *s, size_t count, const uint8_t *pass)
{
	static const uint8_t entropy[32] = {9};

	paper_client(&s->client, &s->p);
	cairn_send_init(&s->send, &s->client, &s->memory, CAIRN_DOOR_INTAKE, &s->conv, s->letters, count, pass,
	    entropy);
	return paper_send(&s->p, &s->send);
}

static enum cairn_step
send_one(struct story *s)
{
	write_letter(&s->letters[0], 1, "help");
	return send_letters(s, 1, NULL);
}

static void
brings_a_cell_that_the_desk_opens(void **state)
{
	struct story *s = begin();
	uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
	struct cairn_record record;
	struct cairn_text_part part;

	(void)state;
	assert_int_equal(send_one(s), CAIRN_STEP_DONE);
	assert_int_equal(s->p.drop_count, 1);
	assert_ok(cairn_drop_open(plain, s->p.drop[0], s->p.desk_id, &s->p.epoch_key[0]));
	assert_true(cairn_tlv_find(plain, sizeof plain, CAIRN_TLV_text, &record));
	assert_ok(cairn_text_read(&part, &record));
	assert_memory_equal(part.text, "help", 4);
	assert_true(cairn_tlv_find(plain, sizeof plain, CAIRN_TLV_hello, &record));
	assert_memory_equal(record.value, s->conv.reply.public_key, CAIRN_XWING_PUBLIC_BYTES);
	end(s);
}

static void
tells_the_desk_which_board_it_saw(void **state)
{
	struct story *s = begin();
	uint8_t plain[CAIRN_DROP_PLAIN_BYTES];
	struct cairn_record record;

	(void)state;
	assert_int_equal(send_one(s), CAIRN_STEP_DONE);
	assert_ok(cairn_drop_open(plain, s->p.drop[0], s->p.desk_id, &s->p.epoch_key[0]));
	assert_true(cairn_tlv_find(plain, sizeof plain, CAIRN_TLV_seen, &record));
	assert_int_equal(record.value[7], 1);
	assert_memory_equal(record.value + 8, s->send.opening.checkpoint.root, 32);
	end(s);
}

static void
keeps_the_receipt_of_each_cell(void **state)
{
	struct story *s = begin();
	uint32_t hour;

	(void)state;
	for (uint8_t i = 0; i < 3; i++)
		write_letter(&s->letters[i], i, "part");
	assert_int_equal(send_letters(s, 3, NULL), CAIRN_STEP_DONE);
	assert_int_equal(s->send.sent, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_ok(cairn_receipt_check(&hour, s->send.receipts[i], CAIRN_RECEIPT_BYTES, s->p.desk_id,
		    s->send.cell_hashes[i], s->p.relay_key));
		assert_int_equal(hour, HOUR);
	}
	end(s);
}

static void
seals_each_cell_with_other_randomness(void **state)
{
	struct story *s = begin();

	(void)state;
	write_letter(&s->letters[0], 1, "same");
	write_letter(&s->letters[1], 1, "same");
	assert_int_equal(send_letters(s, 2, NULL), CAIRN_STEP_DONE);
	assert_memory_not_equal(s->p.drop[0] + 8, s->p.drop[1] + 8, 32);
	end(s);
}

static void
pauses_between_cells(void **state)
{
	struct story *s = begin();
	unsigned pauses = 0;
	enum cairn_step step;

	(void)state;
	write_letter(&s->letters[0], 1, "a");
	write_letter(&s->letters[1], 2, "b");
	s->p.status = 500;
	(void)send_letters(s, 2, NULL);
	s->p.status = 0;
	cairn_send_init(&s->send, &s->client, &s->memory, CAIRN_DOOR_INTAKE, &s->conv, s->letters, 2, NULL,
	    s->conv.root);
	while ((step = cairn_send_next(&s->send)) != CAIRN_STEP_DONE) {
		const uint8_t *body;
		size_t bytes;
		int status;

		assert_int_not_equal(step, CAIRN_STEP_FAILED);
		if (step == CAIRN_STEP_PAUSE) {
			pauses++;
			assert_in_range(s->send.pause_ms, 1000, 5000);
			continue;
		}
		status = paper_answer(&s->p, &s->send.request, &body, &bytes);
		cairn_send_answer(&s->send, status, body, bytes);
	}
	assert_int_equal(pauses, 1);
	end(s);
}

static void
works_when_the_door_asks_for_it(void **state)
{
	struct story *s = begin();

	(void)state;
	s->p.difficulty = 3;
	assert_int_equal(send_one(s), CAIRN_STEP_DONE);
	assert_int_equal(s->p.drop_count, 1);
	end(s);
}

static void
does_not_work_for_more_than_fourteen_bits(void **state)
{
	struct story *s = begin();

	(void)state;
	s->p.difficulty = 15;
	assert_int_equal(send_one(s), CAIRN_STEP_FAILED);
	assert_int_equal(s->send.err, CAIRN_ERR_BUSY);
	end(s);
}

static void
offers_a_pass_once_and_then_works(void **state)
{
	static const uint8_t pass[CAIRN_PASS_BYTES] = {1};
	struct story *s = begin();

	(void)state;
	s->p.difficulty = 2; /* this relay knows no pass and refuses it */
	write_letter(&s->letters[0], 1, "help");
	assert_int_equal(send_letters(s, 1, pass), CAIRN_STEP_DONE);
	assert_int_equal(s->p.drop_count, 1);
	end(s);
}

static void
refuses_a_receipt_of_another_relay(void **state)
{
	struct story *s = begin();

	(void)state;
	s->p.relay_secret[0] ^= 1;
	assert_int_equal(send_one(s), CAIRN_STEP_FAILED);
	assert_int_equal(s->send.err, CAIRN_ERR_CRYPTO);
	assert_int_equal(s->send.sent, 0);
	end(s);
}

static void
refuses_an_epoch_key_that_is_not_the_listed_one(void **state)
{
	struct story *s = begin();
	char path[CAIRN_REQUEST_PATH_MAX];

	(void)state;
	snprintf(path, sizeof path, "board/epoch/intake/%u.0", DAY);
	paper_put(&s->p, path, s->p.epoch_key[1].public_key, CAIRN_XWING_PUBLIC_BYTES);
	assert_int_equal(send_one(s), CAIRN_STEP_FAILED);
	assert_int_equal(s->send.err, CAIRN_ERR_CRYPTO);
	assert_int_equal(s->p.drop_count, 0);
	end(s);
}

static void
says_when_the_desk_has_no_key_for_today(void **state)
{
	struct story *s = begin();

	(void)state;
	s->p.epoch_first = DAY - 5;
	s->p.epoch_last = DAY - 1;
	paper_sign(&s->p, HOUR);
	assert_int_equal(send_one(s), CAIRN_STEP_FAILED);
	assert_int_equal(s->send.err, CAIRN_ERR_UNKNOWN);
	assert_int_equal(s->send.opening.epochs.hour, HOUR);
	end(s);
}

static void
rests_and_then_gives_up_under_load(void **state)
{
	struct story *s = begin();
	const uint8_t *body;
	enum cairn_step step;
	uint32_t rested = 0;
	size_t bytes;

	(void)state;
	write_letter(&s->letters[0], 1, "help");
	paper_client(&s->client, &s->p);
	cairn_send_init(&s->send, &s->client, &s->memory, CAIRN_DOOR_INTAKE, &s->conv, s->letters, 1, NULL,
	    s->conv.root);
	while ((step = cairn_send_next(&s->send)) != CAIRN_STEP_FAILED) {
		int status;

		assert_int_not_equal(step, CAIRN_STEP_DONE);
		if (step == CAIRN_STEP_PAUSE) {
			assert_true(s->send.pause_ms > rested);
			rested = s->send.pause_ms;
			continue;
		}
		s->p.status = strcmp(s->send.request.method, "POST") == 0 ? 503 : 0;
		status = paper_answer(&s->p, &s->send.request, &body, &bytes);
		cairn_send_answer(&s->send, status, body, bytes);
	}
	assert_int_equal(s->send.err, CAIRN_ERR_BUSY);
	assert_true(rested >= 16000);
	end(s);
}

static void
says_when_a_letter_does_not_fit(void **state)
{
	struct story *s = begin();

	(void)state;
	write_letter(&s->letters[0], 1, "help");
	memset(s->letters[0].records, 0, sizeof s->letters[0].records);
	s->letters[0].records[1] = 0x05;
	s->letters[0].records[2] = 0x1a;
	s->letters[0].bytes = 4 + 0x1a00;
	assert_int_equal(send_letters(s, 1, NULL), CAIRN_STEP_FAILED);
	assert_int_equal(s->send.err, CAIRN_ERR_SPACE);
	end(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(brings_a_cell_that_the_desk_opens),
	    cmocka_unit_test(tells_the_desk_which_board_it_saw),
	    cmocka_unit_test(keeps_the_receipt_of_each_cell),
	    cmocka_unit_test(seals_each_cell_with_other_randomness),
	    cmocka_unit_test(pauses_between_cells),
	    cmocka_unit_test(works_when_the_door_asks_for_it),
	    cmocka_unit_test(does_not_work_for_more_than_fourteen_bits),
	    cmocka_unit_test(offers_a_pass_once_and_then_works),
	    cmocka_unit_test(refuses_a_receipt_of_another_relay),
	    cmocka_unit_test(refuses_an_epoch_key_that_is_not_the_listed_one),
	    cmocka_unit_test(says_when_the_desk_has_no_key_for_today),
	    cmocka_unit_test(rests_and_then_gives_up_under_load),
	    cmocka_unit_test(says_when_a_letter_does_not_fit),
	};

	return RUN_TESTS(tests);
}
