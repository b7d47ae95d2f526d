// SPDX-License-Identifier: GPL-3.0-or-later
/* A device is taken: two others shut it out, at once and until the next roster (docs/http.md). */
#include "lib/test.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/relay_desk.h"

static struct relay_process relay;
static struct relay_desk desk;
static const struct relay_device *anna, *boris, *carla, *dora; /* the last has not the role */

static int
set_up(void **state)
{
	(void)state;
	relay_init(&relay);
	if (!relay_start(&relay, NULL))
		return -1;
	relay_desk_init(&desk, &relay, 1);
	anna = relay_desk_device(&desk, "security");
	boris = relay_desk_device(&desk, "case,security");
	carla = relay_desk_device(&desk, "security");
	dora = relay_desk_device(&desk, "case");
	return 0;
}

static int
tear_down(void **state)
{
	int code = relay_stop(&relay);

	(void)state;
	relay_desk_release(&desk);
	relay_release(&relay);
	return code;
}

/* The status that the device gets; NULL: the first. */
static int
status_of(const struct relay_device *device)
{
	struct http_answer answer;
	int status;

	desk.as = device;
	relay_feed_get(&desk, &answer, 0, 0);
	desk.as = NULL;
	status = answer.status;
	http_free(&answer);
	return status;
}

static void
renew(void)
{
	assert_int_equal(relay_desk_roster(&desk, desk.roster_serial + 1, "intake,publish", 0, UINT32_MAX), 204);
}

static void
two_of_the_role_suspend_a_device_at_once(void **state)
{
	(void)state;
	renew();
	assert_int_equal(status_of(NULL), 200);
	assert_int_equal(relay_desk_suspend(&desk, NULL, anna, boris), 204);
	assert_int_equal(status_of(NULL), 401);
	assert_int_equal(relay_desk_status(&desk, "POST", "drop/intake/lease?max=1", NULL, 0), 401);
	assert_int_equal(relay_desk_status(&desk, "POST", "join/open", "0123456789abcdef", 16), 401);
	assert_int_equal(status_of(dora), 200);
}

static void
it_holds_over_a_restart_and_until_the_next_roster(void **state)
{
	(void)state;
	renew();
	assert_int_equal(relay_desk_suspend(&desk, NULL, anna, boris), 204);
	assert_int_equal(relay_stop(&relay), 0);
	assert_true(relay_start(&relay, NULL));
	assert_int_equal(status_of(NULL), 401);
	renew();
	assert_int_equal(status_of(NULL), 200);
}

static void
the_same_again_is_no_fault_and_an_old_one_is(void **state)
{
	const struct cairn_suspended named = {.kind = CAIRN_SUSPENDED_DEVICE, .id = {0}};
	uint8_t note[CAIRN_SUSPENSION_BYTES_MAX];
	struct cairn_suspended first = named;
	char target[256];
	size_t bytes;

	(void)state;
	renew();
	memcpy(first.id, desk.device, sizeof first.id);
	bytes = relay_desk_suspension(&desk, note, &first, 1, anna, boris);
	relay_desk_path(&desk, target, "suspension");
	assert_int_equal(relay_status(&relay, "POST", target, "", note, bytes), 204);
	/* Also when one who signed has been suspended since. */
	assert_int_equal(relay_desk_suspend(&desk, anna, boris, carla), 204);
	assert_int_equal(relay_status(&relay, "POST", target, "", note, bytes), 204);
	renew();
	assert_int_equal(relay_status(&relay, "POST", target, "", note, bytes), 400);
	assert_int_equal(status_of(NULL), 200);
}

static void
one_alone_or_without_the_role_suspends_nobody(void **state)
{
	(void)state;
	renew();
	assert_int_equal(relay_desk_suspend(&desk, NULL, anna, NULL), 400);
	assert_int_equal(relay_desk_suspend(&desk, NULL, anna, anna), 400);
	assert_int_equal(relay_desk_suspend(&desk, NULL, anna, dora), 400);
	assert_int_equal(status_of(NULL), 200);
}

static void
who_is_suspended_suspends_nobody(void **state)
{
	(void)state;
	renew();
	assert_int_equal(relay_desk_suspend(&desk, anna, boris, carla), 204);
	assert_int_equal(relay_desk_suspend(&desk, boris, anna, carla), 400);
	assert_int_equal(relay_desk_suspend(&desk, NULL, anna, boris), 400);
	assert_int_equal(relay_desk_suspend(&desk, NULL, boris, carla), 204);
}

static void
nobody_signs_his_own(void **state)
{
	(void)state;
	renew();
	assert_int_equal(relay_desk_suspend(&desk, anna, anna, boris), 400);
	assert_int_equal(status_of(anna), 200);
}

static void
a_case_may_be_suspended_too(void **state)
{
	const struct cairn_suspended named = {.kind = CAIRN_SUSPENDED_CASE, .id = {7}};
	uint8_t note[CAIRN_SUSPENSION_BYTES_MAX];
	char target[256];
	size_t bytes;

	(void)state;
	renew();
	bytes = relay_desk_suspension(&desk, note, &named, 1, anna, boris);
	relay_desk_path(&desk, target, "suspension");
	assert_int_equal(relay_status(&relay, "POST", target, "", note, bytes), 204);
	assert_int_equal(relay_status(&relay, "POST", target, "", note, bytes), 204);
	assert_int_equal(relay_status(&relay, "POST", target, "", note, bytes - 1), 400);
	assert_int_equal(relay_status(&relay, "POST", target, "", note, 0), 400);
	assert_int_equal(status_of(NULL), 200);
}

static void
who_waits_is_let_go_with_nothing(void **state)
{
	char head[1024], line[320], target[256];
	struct http_answer answer;
	int fd = relay_connect(&relay);

	(void)state;
	renew();
	relay_desk_path(&desk, target, "feed?from=0&wait=60");
	relay_desk_sign(&desk, line, "GET", target, NULL, 0);
	snprintf(head, sizeof head, "GET %s HTTP/1.1\r\nHost: x\r\n%s\r\n", target, line);
	assert_true(http_send_text(fd, head));
	http_taken(fd);
	assert_int_equal(relay_desk_suspend(&desk, NULL, anna, boris), 204);
	http_read(fd, &answer, false);
	assert_int_equal(answer.status, 401);
	http_free(&answer);
	close(fd);
}

static void
a_body_that_was_on_its_way_comes_too_late(void **state)
{
	char head[1024], line[320], target[256];
	struct http_answer answer;
	uint8_t record[1024] = {3};
	int fd = relay_connect(&relay);

	(void)state;
	renew();
	relay_desk_path(&desk, target, "feed?seq=0");
	relay_desk_sign(&desk, line, "POST", target, record, sizeof record);
	snprintf(head, sizeof head, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 1024\r\n%s\r\n", target, line);
	assert_true(http_send_text(fd, head) && http_send(fd, record, 100));
	http_taken(fd);
	assert_int_equal(relay_desk_suspend(&desk, NULL, anna, boris), 204);
	assert_true(http_send(fd, record + 100, sizeof record - 100));
	http_read(fd, &answer, false);
	assert_int_equal(answer.status, 401);
	http_free(&answer);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(two_of_the_role_suspend_a_device_at_once),
	    cmocka_unit_test(it_holds_over_a_restart_and_until_the_next_roster),
	    cmocka_unit_test(the_same_again_is_no_fault_and_an_old_one_is),
	    cmocka_unit_test(one_alone_or_without_the_role_suspends_nobody),
	    cmocka_unit_test(who_is_suspended_suspends_nobody),
	    cmocka_unit_test(nobody_signs_his_own),
	    cmocka_unit_test(a_case_may_be_suspended_too),
	    cmocka_unit_test(who_waits_is_let_go_with_nothing),
	    cmocka_unit_test(a_body_that_was_on_its_way_comes_too_late),
	};

	return cmocka_run_group_tests_name(__FILE_NAME__, tests, set_up, tear_down);
}
