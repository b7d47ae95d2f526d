// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/state.h"

#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/sql.h"

#define STATE_APPLICATION_ID 0x43614465 /* "CaDe" */

int
state_tables(struct db *db)
{
	char text[96];
	int err;

	if (db_pragma(db, "PRAGMA application_id") != 0)
		return CAIRN_ERR_CONFLICT;
	err = db_begin(db);
	if (err != CAIRN_OK)
		return err;
	snprintf(text, sizeof(text), "PRAGMA application_id = %d; PRAGMA user_version = %d;", STATE_APPLICATION_ID,
	    DESK_SCHEMA_VERSION);
	err = db_script(db, desk_schema);
	if (err == CAIRN_OK)
		err = db_script(db, carry_schema);
	if (err == CAIRN_OK)
		err = db_script(db, text);
	return db_end(db, err);
}

int
state_check(struct db *db)
{
	bool ours = db_pragma(db, "PRAGMA application_id") == STATE_APPLICATION_ID &&
	    db_pragma(db, "PRAGMA user_version") == DESK_SCHEMA_VERSION;

	return ours ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

/* With its tables made, or looked for, and the key of erasure beside it. */
static int
state_begin_with(struct db **ret, struct vault *vault, const struct state_rooms *rooms, int (*step)(struct db *db))
{
	struct erasure *erasure;
	int err = db_open(ret, VAULT_DATABASE, vault_vfs(vault));

	if (err == CAIRN_OK)
		err = step(*ret);
	if (err == CAIRN_OK && rooms->prepare != NULL)
		err = rooms->prepare(*ret);
	if (err == CAIRN_OK)
		err = erasure_new_vault(&erasure, *ret, rooms->sealed, vault);
	if (err != CAIRN_OK) {
		db_close(*ret);
		*ret = NULL;
	}
	return err;
}

int
state_create(struct db **ret, struct vault *vault, const struct state_rooms *rooms)
{
	return state_begin_with(ret, vault, rooms, state_tables);
}

int
state_open(struct db **ret, struct vault *vault, const struct state_rooms *rooms)
{
	return state_begin_with(ret, vault, rooms, state_check);
}

void
state_close(struct db *state)
{
	if (state == NULL)
		return;
	erasure_free(db_beside(state));
	db_close(state);
}

int
state_note_get(struct db *state, const char *name, uint8_t **ret, size_t *ret_bytes, uint64_t *ret_serial)
{
	struct query q = query(state, SQL_NOTE_GET);
	struct cairn_span bytes;

	*ret = NULL;
	*ret_bytes = 0;
	bind_text(&q, (struct cairn_span){name, strlen(name)});
	if (query_row(&q)) {
		bytes = query_span(&q, 0);
		*ret = malloc(bytes.size + 1);
		if (*ret == NULL)
			q.err = CAIRN_ERR_NOMEM;
		else if (bytes.size > 0)
			memcpy(*ret, bytes.text, bytes.size);
		*ret_bytes = bytes.size;
		if (ret_serial != NULL)
			*ret_serial = query_int(&q, 1);
	}
	return query_end(&q);
}

int
state_note_put(struct db *state, const char *name, const uint8_t *bytes, size_t size, uint64_t serial)
{
	struct query q = query(state, SQL_NOTE_PUT);

	bind_text(&q, (struct cairn_span){name, strlen(name)});
	bind_bytes(&q, size == 0 ? "" : (const void *)bytes, size);
	bind_int(&q, serial);
	return query_run(&q);
}
