// SPDX-License-Identifier: GPL-3.0-or-later
#include <sodium.h>

#include "people.h"
#include "lib/test.h"

/*
 * C2, what is kept back. The adversary is the relay: it answers this request and not that one, as it likes. It
 * can always keep everybody from everything; but it wants a person to take "there is no mail" for the desk's word
 * when there is some, or "it was sent" for what it never vouched for.
 */

#define HOUR 480480U
#define LONG_AGO 260U
#define RECENT 5U
#define REQUESTS_MAX 32U

static struct paper desk;
static struct person *her;
static struct cairn_client client;
static struct cairn_look look;

static int
begin(void **state)
{
	static uint8_t cell[1][CAIRN_REPLY_CELL_BYTES];

	(void)state;
	paper_init(&desk, 31, HOUR - 10 * 24);
	desk.batch_cells = 1;
	desk.epoch_last = HOUR / 24 + 1;
	paper_sign(&desk, desk.hour);
	her = person_new(&desk);
	for (uint32_t i = 0; i < LONG_AGO; i++)
		paper_publish(&desk, desk.hour, NULL, 0);
	paper_reply(&desk, cell[0], &her->conv, HOUR / 24, 0, 0, "Машина в шесть");
	/* Her mail is in the first batch of the window, and so in the first of the two that are fetched. */
	for (uint32_t i = 0; i < RECENT; i++)
		paper_publish(&desk, HOUR, (const uint8_t(*)[CAIRN_REPLY_CELL_BYTES])cell, i == 0 ? 1 : 0);
	paper_client(&client, &desk);
	return 0;
}

static int
end(void **state)
{
	(void)state;
	paper_release(&desk);
	person_free(her);
	return 0;
}

/* What the relay does in place of its answer to request number nth. */
struct lie {
	unsigned nth;
	int status;
	size_t bytes; /* of what it sends; the rest of the true answer is kept back */
	char path[CAIRN_REQUEST_PATH_MAX]; /* out: what was asked */
};

/* One look in which that lie is told; *ret_requests: how many requests there were. */
static enum cairn_step
look_lied_to(struct cairn_session *session, struct lie *lie, unsigned *ret_requests)
{
	enum cairn_step step;
	unsigned nth = 0;

	cairn_look_init(&look, &client, &her->conv, session, NULL, false);
	while ((step = cairn_look_next(&look)) == CAIRN_STEP_REQUEST) {
		const uint8_t *body;
		size_t bytes;
		int status = paper_answer(&desk, &look.request, &body, &bytes);

		/* Opening asks for all once more: it is told the same again. */
		if (nth == lie->nth || (lie->path[0] != '\0' && strcmp(lie->path, look.request.path) == 0)) {
			snprintf(lie->path, sizeof(lie->path), "%s", look.request.path);
			status = lie->status;
			bytes = bytes < lie->bytes ? bytes : lie->bytes;
		}
		cairn_look_answer(&look, status, body, bytes);
		assert_true(++nth < REQUESTS_MAX);
	}
	*ret_requests = nth;
	return step;
}

static unsigned
requests_of_a_look(void)
{
	struct lie none = {.nth = REQUESTS_MAX};
	struct cairn_session *session = calloc(1, sizeof(*session));
	unsigned requests = 0;

	assert_non_null(session);
	assert_int_equal(look_lied_to(session, &none, &requests), CAIRN_STEP_DONE);
	assert_int_equal(look.found_count, 1);
	free(session);
	return requests;
}

/* Whatever is kept back, the look does not end as one that found nothing; and the mail is not lost. */
static void
keep_back_each(int status, size_t bytes)
{
	unsigned requests = requests_of_a_look(), made = 0;

	for (unsigned nth = 0; nth < requests; nth++) {
		struct cairn_session *session = calloc(1, sizeof(*session));
		struct lie lie = {.nth = nth, .status = status, .bytes = bytes}, none = {.nth = REQUESTS_MAX};
		bool told;

		assert_non_null(session);
		told = look_lied_to(session, &lie, &made) == CAIRN_STEP_DONE;
		/* That there is no successor may be said in two ways. */
		if (told && strcmp(lie.path, "board/identity") != 0)
			fail_msg("%s kept back, and the look ended well", lie.path);
		if (!told) {
			assert_int_not_equal(look.err, CAIRN_OK);
			assert_int_equal(look_lied_to(session, &none, &made), CAIRN_STEP_DONE);
			assert_int_equal(look.found_count, 1);
		}
		free(session);
	}
}

static void
no_answer_is_not_no_mail(void **state)
{
	(void)state;
	keep_back_each(CAIRN_NO_ANSWER, 0);
}

static void
no_such_file_is_not_no_mail(void **state)
{
	(void)state;
	keep_back_each(404, 0);
}

static void
gone_is_not_no_mail(void **state)
{
	(void)state;
	keep_back_each(410, 0);
}

static void
busy_is_not_no_mail(void **state)
{
	(void)state;
	keep_back_each(503, 0);
}

static void
an_empty_answer_is_not_no_mail(void **state)
{
	(void)state;
	keep_back_each(200, 0);
}

static void
half_an_answer_is_not_no_mail(void **state)
{
	(void)state;
	keep_back_each(200, 20);
}

/* ---- sending ---- */

/* What the relay gives in place of the receipt. */
struct receipt_lie {
	const uint8_t *secret;
	const uint8_t *desk_id;
	const uint8_t *cell; /* NULL: the one that came */
	size_t bytes;
};

static int
send_lied_to(struct cairn_send *send, const struct receipt_lie *lie)
{
	enum cairn_step step;

	while ((step = cairn_send_next(send)) != CAIRN_STEP_DONE && step != CAIRN_STEP_FAILED) {
		uint8_t receipt[CAIRN_RECEIPT_BYTES], hash[CAIRN_HASH_BYTES];
		const uint8_t *body;
		size_t bytes;
		int status;

		if (step != CAIRN_STEP_REQUEST)
			continue;
		status = paper_answer(&desk, &send->request, &body, &bytes);
		if (strcmp(send->request.method, "POST") == 0) {
			cairn_hash(hash, lie->cell != NULL ? lie->cell : send->request.body,
			    CAIRN_DROP_CELL_BYTES);
			cairn_receipt_sign(receipt, lie->desk_id, hash, HOUR, lie->secret);
			body = receipt;
			bytes = lie->bytes;
		}
		cairn_send_answer(send, status, body, bytes);
	}
	return step == CAIRN_STEP_DONE ? CAIRN_OK : send->err;
}

static int
send_for(const struct receipt_lie *lie)
{
	static struct cairn_send send;
	static struct cairn_letter letter;
	uint8_t entropy[32];
	int err;

	letter_text(&desk, &letter, "Нас восемь");
	paper_random(&desk, entropy, sizeof(entropy));
	cairn_send_init(&send, &client, &her->session.memory, CAIRN_DOOR_INTAKE, &her->conv, &letter, 1, NULL,
	    entropy);
	err = send_lied_to(&send, lie);
	assert_int_equal(send.sent, err == CAIRN_OK ? 1 : 0);
	return err;
}

static void
only_the_relays_own_receipt_says_that_it_was_sent(void **state)
{
	static const uint8_t other_cell[CAIRN_DROP_CELL_BYTES], other_desk[CAIRN_HASH_BYTES];
	const struct receipt_lie good = {desk.relay_secret, desk.desk_id, NULL, CAIRN_RECEIPT_BYTES};
	const struct receipt_lie lies[] = {
	    {desk.board_secret, desk.desk_id, NULL, CAIRN_RECEIPT_BYTES},
	    {desk.relay_secret, other_desk, NULL, CAIRN_RECEIPT_BYTES},
	    {desk.relay_secret, desk.desk_id, other_cell, CAIRN_RECEIPT_BYTES},
	    {desk.relay_secret, desk.desk_id, NULL, CAIRN_RECEIPT_BYTES - 1},
	    {desk.relay_secret, desk.desk_id, NULL, 0},
	};

	(void)state;
	assert_ok(send_for(&good));
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
		assert_int_not_equal(send_for(&lies[i]), CAIRN_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_answer_is_not_no_mail),
	    cmocka_unit_test(no_such_file_is_not_no_mail),
	    cmocka_unit_test(gone_is_not_no_mail),
	    cmocka_unit_test(busy_is_not_no_mail),
	    cmocka_unit_test(an_empty_answer_is_not_no_mail),
	    cmocka_unit_test(half_an_answer_is_not_no_mail),
	    cmocka_unit_test(only_the_relays_own_receipt_says_that_it_was_sent),
	};

	return sodium_init() < 0 || cmocka_run_group_tests_name("c2_withheld", tests, begin, end);
}
