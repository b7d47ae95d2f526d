// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include <sodium.h>

#include "lib/staffed.h"
#include "lib/tsa.h"
#include "record/stamping.h"

/* The authority that an open desk asks: kept in its vault, asked in each step of time and never twice in one. */

/* Nobody listens there. */
#define NOWHERE "http://127.0.0.1:1/"

static struct staffed s;
static struct tsa tsa;
static char said[DESK_TROUBLE_MAX];

static int
set_up(void **state)
{
	(void)state;
	staffed_init(&s);
	assert_ok(evidence_prepare(s.desk->state));
	tsa_init(&tsa);
	said[0] = '\0';
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	tsa_release(&tsa);
	staffed_release(&s);
	return 0;
}

static int
keep(const char *url, uint32_t pace_s, struct cairn_span ca)
{
	struct stamping authority = {.pace_s = pace_s, .ca = ca};

	snprintf(authority.url, sizeof(authority.url), "%s", url);
	return stamping_keep(s.desk->state, &authority);
}

static void
what_is_kept_comes_back_until_it_is_forgotten(void **state)
{
	struct stamping got;

	(void)state;
	assert_ok(stamping_get(s.desk->state, &got));
	assert_string_equal(got.url, "");
	assert_ok(keep("https://first.example/", 60, tsa_pem(&tsa)));
	assert_ok(keep("https://tsa.example/", 3600, tsa_pem(&tsa)));
	assert_ok(stamping_get(s.desk->state, &got));
	assert_string_equal(got.url, "https://tsa.example/");
	assert_int_equal(got.pace_s, 3600);
	assert_int_equal(got.ca.size, tsa_pem(&tsa).size);
	assert_memory_equal(got.ca.text, tsa.pem, got.ca.size);
	stamping_clear(&got);
	assert_ok(keep("", 0, (struct cairn_span){NULL, 0}));
	assert_ok(stamping_get(s.desk->state, &got));
	assert_string_equal(got.url, "");
}

static void
what_is_no_authority_is_not_kept(void **state)
{
	struct stamping got;

	(void)state;
	assert_err(keep("ftp://tsa.example/", 60, tsa_pem(&tsa)), CAIRN_ERR_FORMAT);
	assert_err(keep("https://tsa.example/", 60, (struct cairn_span){"no PEM", 6}), CAIRN_ERR_FORMAT);
	assert_err(keep("https://tsa.example/", 60, (struct cairn_span){NULL, 0}), CAIRN_ERR_FORMAT);
	assert_err(keep("https://tsa.example/", 0, tsa_pem(&tsa)), CAIRN_ERR_RANGE);
	assert_err(keep("https://tsa.example/", STAMPING_PACE_MAX_S + 1, tsa_pem(&tsa)), CAIRN_ERR_RANGE);
	assert_ok(stamping_get(s.desk->state, &got));
	assert_string_equal(got.url, "");
}

static void
without_an_authority_nobody_is_asked(void **state)
{
	(void)state;
	assert_ok(stamping_round(s.desk, said, s.now));
	assert_string_equal(said, "");
}

static void
a_request_that_fails_is_the_only_one_of_its_step(void **state)
{
	uint64_t step = s.now - s.now % 3600;

	(void)state;
	assert_ok(keep(NOWHERE, 3600, tsa_pem(&tsa)));
	assert_err(stamping_round(s.desk, said, step), CAIRN_ERR_IO);
	assert_non_null(strstr(s.desk->trouble, "the time-stamping authority"));
	assert_ok(stamping_round(s.desk, said, step + 3599));
	assert_string_equal(said, "");
	assert_err(stamping_round(s.desk, said, step + 3600), CAIRN_ERR_IO);
}

static void
a_clock_that_once_ran_ahead_holds_nothing_up(void **state)
{
	uint64_t step = s.now - s.now % 3600;

	(void)state;
	assert_ok(keep(NOWHERE, 3600, tsa_pem(&tsa)));
	assert_err(stamping_round(s.desk, said, step + 365 * UINT64_C(86400)), CAIRN_ERR_IO);
	assert_err(stamping_round(s.desk, said, step), CAIRN_ERR_IO);
}

static void
a_proxy_that_looks_names_up_here_is_not_used(void **state)
{
	(void)state;
	s.desk->proxy = "socks5://127.0.0.1:1";
	assert_ok(keep("https://tsa.example/", 3600, tsa_pem(&tsa)));
	assert_err(stamping_round(s.desk, said, s.now), CAIRN_ERR_RANGE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(what_is_kept_comes_back_until_it_is_forgotten, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_no_authority_is_not_kept, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(without_an_authority_nobody_is_asked, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_request_that_fails_is_the_only_one_of_its_step, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_clock_that_once_ran_ahead_holds_nothing_up, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_proxy_that_looks_names_up_here_is_not_used, set_up, tear_down),
	};

	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
