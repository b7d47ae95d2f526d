// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>

#include <jansson.h>
#include <sodium.h>

#include "site/petition_inside.h"
#include "site/petition_sql.h"
#include "site/text.h"

/* What is published of a petition, and what is handed over. */

static int
countries(struct db *db, json_t *array, uint64_t n)
{
	struct query q = petition_query(db, PETITION_SQL_MARK_COUNTRIES);
	char country[8];

	bind_int(&q, n);
	bind_int(&q, PETITION_COUNTRY_LEAST);
	while (query_row(&q)) {
		query_text(&q, 0, country, sizeof(country));
		if (q.err == CAIRN_OK)
			json_array_append_new(array, json_pack("{s:s, s:I}", "country", country, "count",
			    (json_int_t)query_int(&q, 1)));
	}
	return query_end(&q);
}

int
petition_write_count(struct db *db, GString *out, struct cairn_span name, uint64_t now)
{
	json_t *array = json_array(), *object;
	struct petition_count count;
	char day[11], *text;
	int err = petition_counted(db, &count, name);

	if (err == CAIRN_OK)
		err = countries(db, array, count.n);
	if (err != CAIRN_OK) {
		json_decref(array);
		return err;
	}
	day_text(day, (uint32_t)(now / 86400));
	object = json_pack("{s:s%, s:I, s:I, s:s, s:b, s:o}", "petition", name.text, name.size, "count",
	    (json_int_t)count.counted, "withdrawn", (json_int_t)count.withdrawn, "as-of", day, "closed",
	    (int)(count.closed != 0), "countries", array);
	text = json_dumps(object, JSON_INDENT(1));
	json_decref(object);
	if (text == NULL)
		return CAIRN_ERR_NOMEM;
	g_string_append_printf(out, "%s\n", text);
	free(text);
	return CAIRN_OK;
}

int
petition_write_marks(struct db *db, GString *out, struct cairn_span name)
{
	uint8_t mark[PETITION_MARK_BYTES];
	char hex[2 * PETITION_MARK_BYTES + 1];
	struct query q;
	uint64_t n;
	int err = petition_find(db, &n, name, false);

	if (err != CAIRN_OK)
		return err;
	q = petition_query(db, PETITION_SQL_MARK_LIST);
	bind_int(&q, n);
	while (query_row(&q)) {
		query_bytes(&q, 0, mark, sizeof(mark));
		sodium_bin2hex(hex, sizeof(hex), mark, sizeof(mark));
		g_string_append_len(out, hex, sizeof(hex) - 1);
		g_string_append_c(out, '\n');
	}
	return query_end(&q);
}

int
petition_names(struct db *db, struct cairn_span name,
    void (*each)(void *arg, struct cairn_span name, struct cairn_span country), void *arg)
{
	uint8_t key[ERASURE_KEY_BYTES], mark[PETITION_MARK_BYTES], signer[PETITION_NAME_MAX];
	char room[ERASABLE_WHO_MAX];
	struct query q;
	size_t bytes;
	uint64_t n;
	int err = petition_find(db, &n, name, false);

	if (err == CAIRN_OK)
		err = petition_key_open(db, key, n, PETITION_KEY_NAMES);
	if (err != CAIRN_OK) /* no key: nobody gave a name */
		return err == CAIRN_ERR_UNKNOWN && n != 0 ? CAIRN_OK : err;
	q = petition_query(db, PETITION_SQL_MARK_NAMES);
	bind_int(&q, n);
	while (query_row(&q)) {
		query_bytes(&q, 0, mark, sizeof(mark));
		if (q.err == CAIRN_OK &&
		    words_out(signer, sizeof(signer), &bytes, key, petition_who(room, "name", n, mark),
			query_span(&q, 2)) == CAIRN_OK)
			each(arg, (struct cairn_span){(const char *)signer, bytes}, query_span(&q, 1));
	}
	sodium_memzero(key, sizeof(key));
	sodium_memzero(signer, sizeof(signer));
	return query_end(&q);
}
