// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectors/published.h"

#include <stdlib.h>

#include <sodium.h>

#include "cairn/xwing.h"

struct row {
	struct bytes seed, eseed, pk, ct, ss;
};

static void
with_each_row(void (*check)(const struct row *row))
{
	json_t *file = published_json("xwing.json");
	json_t *json;
	size_t i;

	json_array_foreach(file, i, json) {
		struct row row = {
		    published_bytes(json, "seed"),
		    published_bytes(json, "eseed"),
		    published_bytes(json, "pk"),
		    published_bytes(json, "ct"),
		    published_bytes(json, "ss"),
		};

		check(&row);
		free(row.seed.at);
		free(row.eseed.at);
		free(row.pk.at);
		free(row.ct.at);
		free(row.ss.at);
	}
	assert_int_equal(i, 3);
	json_decref(file);
}

static void
check_key(const struct row *row)
{
	struct cairn_xwing_key key;

	cairn_xwing_key_init(&key, row->seed.at);
	assert_bytes(&row->pk, key.public_key, sizeof key.public_key);
	cairn_xwing_key_clear(&key);
}

static void
a_seed_gives_the_public_key(void **state)
{
	(void)state;
	with_each_row(check_key);
}

static void
check_encapsulation(const struct row *row)
{
	uint8_t enc[CAIRN_XWING_ENC_BYTES];
	uint8_t shared[CAIRN_XWING_SHARED_BYTES];

	assert_ok(cairn_xwing_encapsulate(enc, shared, row->pk.at, row->eseed.at));
	assert_bytes(&row->ct, enc, sizeof enc);
	assert_bytes(&row->ss, shared, sizeof shared);
}

static void
an_encapsulation_seed_gives_ciphertext_and_secret(void **state)
{
	(void)state;
	with_each_row(check_encapsulation);
}

static void
check_decapsulation(const struct row *row)
{
	struct cairn_xwing_key key;
	uint8_t shared[CAIRN_XWING_SHARED_BYTES];

	cairn_xwing_key_init(&key, row->seed.at);
	assert_ok(cairn_xwing_decapsulate(shared, row->ct.at, &key));
	assert_bytes(&row->ss, shared, sizeof shared);
	cairn_xwing_key_clear(&key);
}

static void
a_ciphertext_gives_the_secret(void **state)
{
	(void)state;
	with_each_row(check_decapsulation);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_seed_gives_the_public_key),
	    cmocka_unit_test(an_encapsulation_seed_gives_ciphertext_and_secret),
	    cmocka_unit_test(a_ciphertext_gives_the_secret),
	};

	return sodium_init() < 0 || RUN_TESTS(tests);
}
