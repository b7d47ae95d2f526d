// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <string.h>

#include "net/net.h"
#include "net/url.h"

#define ID "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define KEY "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA" /* 1 to 32 */

static void
an_address_gives_base_and_desk(void **state)
{
	struct net_url url;

	(void)state;
	assert_int_equal(net_url_read(&url, "http://127.0.0.1:8080/d/" ID "/"), CAIRN_OK);
	assert_string_equal(url.base, "http://127.0.0.1:8080/d/" ID "/");
	assert_int_equal(url.desk_id[1], 0x11);
	assert_int_equal(url.desk_id[31], 0xff);
	assert_false(url.has_identity);
	assert_true(url.loopback);
	assert_false(url.onion);
}

static void
the_last_slash_may_be_missing(void **state)
{
	struct net_url url;

	(void)state;
	assert_int_equal(net_url_read(&url, "https://relay.example/some/where/d/" ID), CAIRN_OK);
	assert_string_equal(url.base, "https://relay.example/some/where/d/" ID "/");
	assert_false(url.loopback);
}

static void
an_identity_key_stands_behind_the_hash_and_is_never_sent(void **state)
{
	struct net_url url;

	(void)state;
	assert_int_equal(net_url_read(&url, "http://localhost/d/" ID "/#" KEY), CAIRN_OK);
	assert_string_equal(url.base, "http://localhost/d/" ID "/");
	assert_true(url.has_identity);
	assert_int_equal(url.identity_key[0], 1);
	assert_int_equal(url.identity_key[31], 32);
}

static void
an_identity_key_is_written_in_ascii(void **state)
{
	char text[] = "http://localhost/d/" ID "/#" KEY;
	char *key = strchr(text, '#') + 1;
	struct net_url url;

	(void)state;
	assert_int_equal(net_url_read(&url, text), CAIRN_OK);
	key[4] = '\xfc';
	assert_int_not_equal(net_url_read(&url, text), CAIRN_OK);
}

static void
an_onion_is_known(void **state)
{
	struct net_url url;

	(void)state;
	assert_int_equal(net_url_read(&url, "http://abc.onion/d/" ID "/"), CAIRN_OK);
	assert_true(url.onion);
	assert_int_equal(net_url_read(&url, "http://abc.onion:8080/d/" ID "/"), CAIRN_OK);
	assert_true(url.onion);
	assert_int_equal(net_url_read(&url, "http://onion/d/" ID "/"), CAIRN_OK);
	assert_false(url.onion);
}

static void
anything_else_is_refused(void **state)
{
	static const char *const wrong[] = {
		"",
		"relay.example",
		"http://relay.example/",
		"http://relay.example/d/",
		"http://relay.example/d/0011/",
		"http://relay.example/x/" ID "/",
		"http://relay.example/d/" ID "/board",
		"http://relay.example/d/" ID "/?a=b",
		"http://me@relay.example/d/" ID "/",
		"http://me:secret@relay.example/d/" ID "/",
		"ftp://relay.example/d/" ID "/",
		"file:///d/" ID "/",
		"http://relay.example/d/" ID "/#AAAA",
		"http://relay.example/d/" ID "/#" KEY "A",
		"http://relay.example/d/00112233445566778899AABBCCDDEEFF00112233445566778899aabbccddeeff/",
	};
	struct net_url url;

	(void)state;
	memset(&url, 7, sizeof url);
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		if (net_url_read(&url, wrong[i]) != CAIRN_ERR_FORMAT)
			fail_msg("taken: %s", wrong[i]);
	assert_int_equal(url.base[0], 7);
}

static void
an_address_too_long_is_refused(void **state)
{
	char text[2 * NET_URL_MAX];
	struct net_url url;

	(void)state;
	memset(text, 'a', sizeof text);
	memcpy(text, "http://", 7);
	memcpy(text + sizeof text - 68, "/d/" ID, 68);
	assert_int_equal(net_url_read(&url, text), CAIRN_ERR_FORMAT);
}

static void
a_proxy_must_look_names_up_itself(void **state)
{
	(void)state;
	assert_true(net_proxy_ok("socks5h://127.0.0.1:9050"));
	assert_false(net_proxy_ok("socks5://127.0.0.1:9050"));
	assert_false(net_proxy_ok("socks4://127.0.0.1:9050"));
	assert_false(net_proxy_ok("127.0.0.1:9050"));
}

static void
an_onion_without_a_proxy_is_never_looked_up(void **state)
{
	struct net_options options = {0};
	struct net_url url;
	struct net *net;

	(void)state;
	assert_int_equal(net_url_read(&url, "http://abc.onion/d/" ID "/"), CAIRN_OK);
	options.url = &url;
	assert_int_equal(net_new(&net, &options), CAIRN_ERR_RANGE);
	assert_null(net);
	options.proxy = "socks5h://127.0.0.1:9050";
	assert_int_equal(net_new(&net, &options), CAIRN_OK);
	net_free(net);
}

static void
pauses_grow_and_stay_bounded(void **state)
{
	(void)state;
	for (unsigned n = 1; n < 40; n++) {
		uint32_t ms = net_backoff_ms(n);

		assert_true(ms <= NET_BACKOFF_MAX_MS);
		assert_true(ms >= (n == 1 ? NET_BACKOFF_MS / 2 : NET_BACKOFF_MS));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_gives_base_and_desk),
		cmocka_unit_test(the_last_slash_may_be_missing),
		cmocka_unit_test(an_identity_key_stands_behind_the_hash_and_is_never_sent),
		cmocka_unit_test(an_identity_key_is_written_in_ascii),
		cmocka_unit_test(an_onion_is_known),
		cmocka_unit_test(anything_else_is_refused),
		cmocka_unit_test(an_address_too_long_is_refused),
		cmocka_unit_test(a_proxy_must_look_names_up_itself),
		cmocka_unit_test(an_onion_without_a_proxy_is_never_looked_up),
		cmocka_unit_test(pauses_grow_and_stay_bounded),
	};

	return RUN_TESTS(tests);
}
