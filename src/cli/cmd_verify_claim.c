// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include "cli/claim_io.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/safe.h"

struct claim_options {
	const char *card;
	const char *desk_id;
	const char *identity;
	const char *roster;
	const char *date;
	bool json;
};

#define V struct claim_options
static const struct option_def defs[] = {
    OPTION(TEXT, V, card, "card", "FILE", "the desk's card"),
    OPTION(TEXT, V, desk_id, "desk-id", "ID", "the desk that it must be of; else the one it names is believed"),
    OPTION(TEXT, V, identity, "identity", "FILE", "the chain of its identity keys, where it has had several"),
    OPTION(TEXT, V, roster, "roster", "FILE", "the desk's roster, for those who have it"),
    OPTION(TEXT, V, date, "date", "DAY", "check as of this day, YYYY-MM-DD"),
    OPTION(FLAG, V, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table verify_claim_options = {defs, sizeof(V)};

/* What is said when a stage does not hold. */
static const char *const faults[] = {
	[CLAIM_STAGE_FORM] = "it is no claim: file, numbers and commitments are not as the format says",
	[CLAIM_STAGE_DESK] = "it is another desk's claim",
	[CLAIM_STAGE_APPROVAL] = "two devices of the roster that may publish did not agree to it",
	[CLAIM_STAGE_LOG] = "the log's checkpoint is not signed by a site key of the card",
	[CLAIM_STAGE_INCLUSION] = "it is not in the log of the site, or was altered since",
};

static int
show_json(const struct claim_check *c, struct cairn_span name)
{
	json_t *object = json_pack("{s:b,s:o,s:o,s:o,s:i,s:i,s:o,s:s,s:o,s:i,s:i,s:I,s:I,s:i,s:i,s:i,s:o}",
	    "ok", 1,
	    "desk", json_hex(c->claim.desk_id, CAIRN_HASH_BYTES),
	    "name", json_span(name),
	    "claim", json_hex(c->claim.id, CLAIM_ID_BYTES),
	    "accounts", (int)c->claim.accounts,
	    "ways", (int)c->claim.ways,
	    "before", json_span(c->claim.before),
	    "place_level", claim_place_words[c->claim.place_level],
	    "place", json_span(c->claim.place),
	    "day", (int)c->claim.day,
	    "commitments", (int)claim_commitments_of(c->claim.accounts),
	    "index", (json_int_t)c->index,
	    "log_size", (json_int_t)c->log_size,
	    "witnesses", (int)c->witnesses,
	    "cosignatures", (int)c->cosigned,
	    "signatures", (int)c->signature_count,
	    "agreed", c->has_roster ? json_boolean(c->approvals.agreed) : json_null());

	for (size_t i = 0; i < c->claim.saying_count; i++) {
		json_t *says = json_object_get(object, "says");

		if (says == NULL) {
			json_object_set_new(object, "says", json_object());
			says = json_object_get(object, "says");
		}
		json_object_setn_new(says, c->claim.sayings[i].lang.text, c->claim.sayings[i].lang.size,
		    json_span(c->claim.sayings[i].text));
	}
	return print_json(object);
}

static void
show_approvals(const struct claim_check *c)
{
	if (!c->has_roster) {
		printf("  agreed      %zu %s below it; whose, only a roster tells (--roster)\n", c->signature_count,
		    c->signature_count == 1 ? "signature is" : "signatures are");
		return;
	}
	printf("  agreed      %zu devices of the roster, one that publishes and another that answers for it\n",
	    c->approvals.count);
}

static int
show_words(const struct claim_check *c, struct cairn_span name, bool told)
{
	printf("This is a claim of ");
	safe_inline(stdout, name);
	puts(".\n");
	claim_show(&c->claim);
	printf("\n  desk        ");
	print_hex(stdout, c->claim.desk_id, CAIRN_HASH_BYTES);
	puts(told ? "\n              the one that was asked for" :
	            "\n              as it says itself: compare this with where you know the desk from (--desk-id)");
	puts("  card        signed by the desk's identity key, and it names the key of the site");
	show_approvals(c);
	printf("  log         entry %llu of %llu; the tree is right, signed by the key of the site\n",
	    (unsigned long long)c->index, (unsigned long long)c->log_size);
	printf("  witnesses   %u of %u on the card saw this log\n", c->cosigned, c->witnesses);
	printf("  accounts    %u sealed commitments, accounts and dummies alike. That there are accounts behind "
	    "them\n"
	       "              the desk can show to a court; here it is the desk's word.\n",
	    claim_commitments_of(c->claim.accounts));
	return CAIRN_EXIT_OK;
}

static int
show_fault(const struct claim_check *c, int err, bool json)
{
	complain("%s", faults[c->stage]);
	if (json)
		(void)print_json(json_pack("{s:b,s:s}", "ok", 0, "fault", faults[c->stage]));
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_EXIT_REFUSED : exit_for(err);
}

/* The desk that the file names, where nobody said which it must be. */
static int
desk_find(struct claim_desk *desk, const uint8_t *bytes, size_t size, const V *o)
{
	struct cairn_span note_bytes, proof;
	struct cairn_note note;
	struct claim claim;

	if (o->desk_id != NULL)
		return claim_hex_option(desk->desk_id, sizeof desk->desk_id, o->desk_id, "desk-id");
	if (claim_file_split(&note_bytes, &proof, (struct cairn_span){(const char *)bytes, size}) != CAIRN_OK ||
	    cairn_note_read(&note, note_bytes.text, note_bytes.size) != CAIRN_OK ||
	    claim_read(&claim, note.text) != CAIRN_OK)
		return fail(CAIRN_EXIT_REFUSED, "%s", faults[CLAIM_STAGE_FORM]);
	memcpy(desk->desk_id, claim.desk_id, sizeof desk->desk_id);
	return CAIRN_EXIT_OK;
}

static int
check(struct claim_desk *desk, const uint8_t *bytes, size_t size, const V *o)
{
	struct claim_check found;
	uint32_t day = 0;
	int code = claim_day_option(&day, o->date), err;

	if (code == CAIRN_EXIT_OK)
		code = desk_find(desk, bytes, size, o);
	if (code == CAIRN_EXIT_OK)
		code = claim_desk_open(desk, o->card, o->identity, o->roster, day);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = claim_check(&found, (struct cairn_span){(const char *)bytes, size}, &desk->card, desk->desk_id,
	    desk->has_roster ? &desk->roster : NULL);
	if (err != CAIRN_OK)
		return show_fault(&found, err, o->json);
	return o->json ? show_json(&found, desk->card.name) : show_words(&found, desk->card.name, o->desk_id != NULL);
}

int
cmd_verify_claim(const void *options, int argc, char **argv)
{
	struct claim_desk *desk = calloc(1, sizeof *desk);
	uint8_t *bytes = NULL;
	size_t size = 0;
	int code;

	(void)argc;
	if (desk == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	code = file_load(argv[0], CLAIM_FILE_MAX, &bytes, &size);
	if (code == CAIRN_EXIT_OK)
		code = check(desk, bytes, size, options);
	free(bytes);
	free(desk);
	return code;
}
