// SPDX-License-Identifier: GPL-3.0-or-later
#include "vectors/published.h"

#include <string.h>

#include "lib/signed.h"
#include "site/tlog_proof.h"

/* c2sp.org/tlog-proof: cases of form, good and bad. */
static void
each_published_proof_is_read_or_refused(void **state)
{
	json_t *file = published_json("tlog_proof_format.json"), *row;
	size_t i, good = 0;

	(void)state;
	json_array_foreach(json_object_get(file, "cases"), i, row) {
		bool ok = json_is_true(json_object_get(row, "ok"));
		struct tlog_proof proof;
		int err = tlog_proof_read(&proof, span_of(json_string_value(json_object_get(row, "proof"))));

		if ((err == CAIRN_OK) != ok)
			fail_msg("%s", json_string_value(json_object_get(row, "name")));
		if (!ok)
			continue;
		good++;
		assert_int_equal(proof.index, json_integer_value(json_object_get(row, "index")));
		assert_int_equal(proof.count, json_integer_value(json_object_get(row, "hashes")));
		assert_int_equal(proof.extra.text != NULL, json_object_get(row, "extra_b64") != NULL);
	}
	assert_true(good >= 3 && i > good);
	json_decref(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_published_proof_is_read_or_refused),
	};

	return RUN_TESTS(tests);
}
