// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/record_take.h"

#include <string.h>

#include "cli/exit.h"
#include "cli/output.h"

static int
tell(const struct record_imported *did, bool check, bool json)
{
	if (json)
		return print_json(json_pack("{s:I, s:I, s:I, s:b}", "new", (json_int_t)did->fresh, "changed",
		    (json_int_t)did->changed, "same", (json_int_t)did->same, "imported", !check));
	printf("%s%zu new, %zu changed, %zu as they were\n", check ? "would be: " : "", did->fresh, did->changed,
	    did->same);
	return CAIRN_EXIT_OK;
}

int
record_take_in(struct record_session *s, struct record_document *document,
    const uint8_t compartment[RECORD_COMPARTMENT_BYTES], const char *from, bool check, bool json)
{
	struct record_import import = {
	    .compartment = compartment,
	    .device = s->desk.desk->self.device_id,
	    .now = s->now,
	    .from = {from, strlen(from)},
	};
	struct record_imported did;
	int err = db_begin(s->db);

	if (err != CAIRN_OK)
		return record_fail(s, err);
	err = record_import(s->db, &s->sink, &import, document, &did);
	if (err == CAIRN_OK && check) {
		/* Looking only: what was done is undone, and this is no failure. */
		err = db_end(s->db, CAIRN_ERR_STATE);
		err = err == CAIRN_ERR_STATE ? CAIRN_OK : err;
	} else
		err = db_end(s->db, err);
	if (err == CAIRN_ERR_RANGE)
		return fail(CAIRN_EXIT_REFUSED, "an entity says the same twice; nothing was imported");
	return err == CAIRN_OK ? tell(&did, check, json) : record_fail(s, err);
}
