// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "cli/claim_io.h"
#include "cli/claim_record.h"
#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "record/reliance_json.h"
#include "site/claim_draft.h"

struct draft_options {
	struct desk_options desk;
	const char *desk_id;
	const char *out;
	const char *secrets;
	const char *published;
	const char *graph;
	const char *graph_claim;
	const char *date;
};

#define D struct draft_options
static const struct option_def defs[] = {
    OPTION(TEXT, D, desk_id, "desk-id", "ID", "the desk that claims, 64 hex digits; else that of the folder"),
    DESK_DIR_OPTION(D, desk),
    OPTION(TEXT, D, out, "out", "FILE", "where to write the text that two devices are to agree to"),
    OPTION(TEXT, D, secrets, "secrets", "FILE", "where to write what opens the commitments; keep it in the vault"),
    OPTION(TEXT, D, published, "published", "FOLDER", "the claims that are public already"),
    OPTION(TEXT, D, graph, "graph", "FILE", "what relies on what, to compute the ways"),
    OPTION(TEXT, D, graph_claim, "graph-claim", "CODE", "the claim in it; the first without it"),
    OPTION(TEXT, D, date, "date", "DAY", "write it as of this day, YYYY-MM-DD"),
    OPTIONS_END,
};
const struct option_table claim_draft_options = {defs, sizeof(D)};

/* ---- the ways ---- */

static uint32_t
graph_claim(const struct reliance *graph, const char *code)
{
	if (code == NULL)
		return reliance_first_claim(graph);
	for (uint32_t i = 0; i < graph->count; i++)
		if (strcmp(graph->vertices[i].code, code) == 0 && graph->vertices[i].type == RELIANCE_CLAIM)
			return i;
	return RELIANCE_NONE;
}

static int
ways_of(struct claim_case *c, const struct reliance *graph, const char *code)
{
	struct independence found;
	uint32_t claim = graph_claim(graph, code);
	int err;

	if (claim == RELIANCE_NONE)
		return fail(CAIRN_EXIT_USAGE, "the graph has no such claim");
	err = independence_init(&found, graph, claim, INDEPENDENCE_CAUTIOUS, NULL, 0);
	if (err != CAIRN_OK)
		return fail(exit_for(err), "%s", cairn_strerror(err));
	c->has_graph = true;
	c->graph_ways = found.ways;
	c->graph_origins = found.origins;
	independence_release(&found);
	return CAIRN_EXIT_OK;
}

static int
compute_ways(struct claim_case *c, const D *o)
{
	char fault[RELIANCE_FAULT_BYTES];
	struct reliance graph;
	uint8_t *bytes;
	size_t size;
	int code, err;

	if (o->graph == NULL)
		return CAIRN_EXIT_OK;
	code = file_load(o->graph, RELIANCE_JSON_BYTES_MAX, &bytes, &size);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = reliance_json_read(&graph, fault, bytes, size);
	free(bytes);
	if (err != CAIRN_OK)
		return fail(exit_for(err), "%s: %s", o->graph, fault);
	code = ways_of(c, &graph, o->graph_claim);
	reliance_release(&graph);
	return code;
}

/* ---- the record ---- */

/* Consent and seals, where there is a desk's folder; and its id, where none was named. */
static int
ask_desk(struct claim_case *c, struct claim_draft *draft, const D *o)
{
	struct desk_session s;
	int code, err;

	if (o->desk.dir == NULL && getenv("CAIRN_DESK") == NULL)
		return claim_hex_option(draft->claim.desk_id, sizeof draft->claim.desk_id, o->desk_id, "desk-id");
	code = desk_session_begin(&s, &o->desk);
	if (code == CAIRN_EXIT_OK) {
		memcpy(draft->claim.desk_id, s.desk->self.desk_id, sizeof draft->claim.desk_id);
		err = claim_ask_record(c, draft->secrets, s.desk);
		code = err == CAIRN_OK ? CAIRN_EXIT_OK : desk_fail(s.desk, desk_state_trouble(s.desk, err));
	}
	desk_session_end(&s);
	if (code == CAIRN_EXIT_OK && o->desk_id != NULL)
		code = claim_hex_option(draft->claim.desk_id, sizeof draft->claim.desk_id, o->desk_id, "desk-id");
	return code;
}

/* ---- writing ---- */

struct written {
	char text[CLAIM_TEXT_MAX];
	uint8_t commitments[CLAIM_COMMITMENTS_MAX][CLAIM_COMMITMENT_BYTES];
	uint8_t secrets[CLAIM_SECRETS_TEXT_MAX];
};

static int
write_files(struct written *w, struct claim_draft *draft, const D *o)
{
	size_t text_size = 0, secrets_size = 0;
	int err = claim_secrets_fill(draft->secrets, draft->claim.accounts, w->commitments), code;

	if (err == CAIRN_ERR_CONFLICT)
		return fail(CAIRN_EXIT_REFUSED, "an account stands in the draft twice");
	if (err == CAIRN_OK)
		err = claim_write(w->text, sizeof w->text, &text_size, &draft->claim,
		    (const uint8_t(*)[CLAIM_COMMITMENT_BYTES])w->commitments,
		    claim_commitments_of(draft->claim.accounts));
	if (err == CAIRN_OK)
		err = claim_secrets_write(w->secrets, sizeof w->secrets, &secrets_size, draft->secrets);
	if (err != CAIRN_OK)
		return fail(exit_for(err), "this cannot be written as a claim: %s", cairn_strerror(err));
	/* What opens it first: a text that nobody can open is worth nothing. */
	code = file_write_secret(o->secrets, w->secrets, secrets_size);
	return code == CAIRN_EXIT_OK ? file_write(o->out, (const uint8_t *)w->text, text_size) : code;
}

static int
write_claim(struct claim_draft *draft, const D *o)
{
	struct written *w = sodium_malloc(sizeof *w);
	int code = w == NULL ? fail(CAIRN_EXIT_MEMORY, "out of memory") : write_files(w, draft, o);

	sodium_free(w);
	if (code == CAIRN_EXIT_OK)
		printf("\nWritten to %s. Two devices are to agree to it: cairn claim approve.\n"
		       "What opens the commitments is in %s: nobody but the record may have it.\n",
		    o->out, o->secrets);
	return code;
}

static int
make(struct claim_draft *draft, const D *o)
{
	struct claim_case c = {.claim = &draft->claim, .real = draft->secrets->count};
	bool refused = false;
	int code = ask_desk(&c, draft, o);

	if (code == CAIRN_EXIT_OK)
		code = compute_ways(&c, o);
	if (code != CAIRN_EXIT_OK)
		return code;
	randombytes_buf(draft->claim.id, sizeof draft->claim.id);
	memcpy(draft->secrets->desk_id, draft->claim.desk_id, sizeof draft->secrets->desk_id);
	memcpy(draft->secrets->claim_id, draft->claim.id, sizeof draft->secrets->claim_id);
	puts("This would be public:\n");
	claim_show(&draft->claim);
	code = claim_review(&refused, &c, o->published);
	if (code == CAIRN_EXIT_OK && refused)
		return fail(CAIRN_EXIT_REFUSED, "it is held back; nothing was written");
	return code == CAIRN_EXIT_OK ? write_claim(draft, o) : code;
}

int
cmd_claim_draft(const void *options, int argc, char **argv)
{
	const D *o = options;
	char fault[CLAIM_FAULT_BYTES];
	uint8_t *bytes = NULL;
	struct claim_draft draft = {0};
	size_t size = 0;
	uint32_t day = 0;
	int code = CAIRN_EXIT_OK, err;

	(void)argc;
	if (o->out == NULL || o->secrets == NULL)
		code = fail(CAIRN_EXIT_USAGE, "--out and --secrets say where to write");
	if (code == CAIRN_EXIT_OK)
		code = claim_day_option(&day, o->date);
	if (code == CAIRN_EXIT_OK)
		code = file_load(argv[0], CLAIM_DRAFT_BYTES_MAX, &bytes, &size);
	if (code != CAIRN_EXIT_OK)
		return code;
	err = claim_draft_read(&draft, fault, bytes, size);
	sodium_memzero(bytes, size);
	free(bytes);
	if (err != CAIRN_OK)
		return fail(exit_for(err), "%s: %s", argv[0], fault);
	draft.claim.day = day;
	code = make(&draft, o);
	claim_draft_release(&draft);
	return code;
}
