// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/record_session.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <sodium.h>

#include "carry/names.h"
#include "carry/opening.h"

#include "cli/ask.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "record/together.h"

#define ASKING_REASON_BYTES 256U

int
record_begin(struct record_session *s, const struct desk_options *options)
{
	int code;

	memset(s, 0, sizeof(*s));
	code = desk_session_begin(&s->desk, options);
	if (code != CAIRN_EXIT_OK)
		return code;
	s->db = s->desk.desk->state;
	s->now = desk_now();
	s->local = (struct record_local){s->desk.desk, s->now};
	s->sink = record_local_sink(&s->local);
	return CAIRN_EXIT_OK;
}

void
record_end(struct record_session *s)
{
	desk_session_end(&s->desk);
}

int
record_fail(const struct record_session *s, int err)
{
	return desk_fail(s->desk.desk, desk_state_trouble(s->desk.desk, err));
}

int
record_named(const struct record_session *s, struct record_head *head, const struct record_kind *kind,
    const char *code)
{
	int err = record_code_find(s->db, head, kind, (struct cairn_span){code, strlen(code)});

	switch (err) {
	case CAIRN_OK:
		return CAIRN_EXIT_OK;
	case CAIRN_ERR_FORMAT:
		return fail(CAIRN_EXIT_USAGE, "\"%s\" is no code of %s%s: codes look like %c-7K2M-9QXA", code,
		    kind == NULL ? "anything" : "a kind that fits here: ", kind == NULL ? "" : kind->name,
		    kind == NULL ? 'E' : kind->letter);
	case CAIRN_ERR_UNKNOWN:
		return fail(CAIRN_EXIT_USAGE,
		    "\"%s\" is the code of nothing that this device has: 'cairn record list'", code);
	case CAIRN_ERR_CONFLICT:
		return fail(CAIRN_EXIT_USAGE, "several codes begin with \"%s\": write more of it", code);
	default:
		return record_fail(s, err);
	}
}

int
record_kind_of(const struct record_kind **ret, const char *name)
{
	*ret = record_kind_named((struct cairn_span){name, strlen(name)});
	if (*ret != NULL)
		return CAIRN_EXIT_OK;
	return fail(CAIRN_EXIT_USAGE, "there is no kind \"%s\": 'cairn record fields' lists them", name);
}

/* Of a conversation, kept apart even where nobody else is to be told. */
static int
case_of_conversation(const struct record_session *s, uint8_t *compartment, const char *name)
{
	uint8_t case_id[OP_ID_BYTES];
	struct inbox_line line;
	int code = desk_conversation(s->desk.desk, &line, name), err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = record_case_of(s->desk.desk, case_id, line.conv);
	if (err == CAIRN_OK)
		err = record_testimony(s->desk.desk, compartment, case_id);
	if (err == CAIRN_OK)
		return CAIRN_EXIT_OK;
	if (err != CAIRN_ERR_UNKNOWN)
		return record_fail(s, err);
	memcpy(compartment, line.conv_id, RECORD_COMPARTMENT_BYTES);
	remark("The case has no testimony compartment that this device is in: this stays on this device, and the "
	       "others do not get it.");
	return CAIRN_EXIT_OK;
}

/* Whoever takes testimony is in no contact, and knows no conversation: to him it is a case. */
static int
case_by_name(const struct record_session *s, uint8_t *compartment, const char *name)
{
	uint8_t case_id[OP_ID_BYTES];
	int err = case_named(s->desk.desk->carry, case_id, name, s->now);

	if (err == CAIRN_ERR_UNKNOWN)
		return fail(CAIRN_EXIT_USAGE, "there is no such case or conversation: 'cairn case list' and 'cairn "
					      "desk inbox' name those that this device knows of");
	if (err == CAIRN_ERR_CONFLICT)
		return fail(CAIRN_EXIT_USAGE, "several cases are called that: name it by the digits that 'cairn case "
					      "list' shows");
	if (err == CAIRN_OK)
		err = record_testimony(s->desk.desk, compartment, case_id);
	if (err == CAIRN_ERR_UNKNOWN)
		return fail(CAIRN_EXIT_REFUSED, "the case has no testimony compartment that this device is in: "
						"'cairn case open', or 'cairn case member' by somebody who is");
	return err == CAIRN_OK ? CAIRN_EXIT_OK : record_fail(s, err);
}

int
record_case(const struct record_session *s, uint8_t compartment[RECORD_COMPARTMENT_BYTES], const char *name)
{
	uint64_t conv;

	memset(compartment, 0, RECORD_COMPARTMENT_BYTES);
	if (name == NULL)
		return CAIRN_EXIT_OK;
	return alias_find(s->desk.desk->state, &conv, name) == CAIRN_OK ? case_of_conversation(s, compartment, name)
									: case_by_name(s, compartment, name);
}

int
record_put(struct record_session *s, struct record_change *change, bool json)
{
	char code[RECORD_CODE_TEXT_MAX];
	const struct record_field *field = NULL;
	const char *fault = record_change_fault(change, &field);
	int err;

	if (fault != NULL)
		return fail(CAIRN_EXIT_USAGE, "%s %s", field == NULL ? "a field" : field->name, fault);
	if (change->count == 0)
		return fail(CAIRN_EXIT_USAGE, "nothing was said, so nothing was changed");
	err = record_emit(s->db, &s->sink, change);
	if (err == CAIRN_ERR_RANGE)
		return fail(CAIRN_EXIT_USAGE, "the same is said twice");
	if (err != CAIRN_OK)
		return record_fail(s, err);
	record_code_write(code, change->kind, change->id);
	if (json)
		return print_json(json_pack("{s:s, s:s, s:o}", "code", code, "kind", change->kind->name, "id",
		    json_hex(change->id, sizeof(change->id))));
	return puts(code) < 0 ? CAIRN_EXIT_STORAGE : CAIRN_EXIT_OK;
}

int
record_put_item(struct record_session *s, const struct record_head *head, const struct record_item *item, bool json)
{
	struct record_change change;
	int code;

	record_change_init(&change, head->kind, head->id, head->compartment);
	if (record_change_add(&change, item) != CAIRN_OK)
		code = fail(CAIRN_EXIT_MEMORY, "out of memory");
	else
		code = record_put(s, &change, json);
	record_change_clear(&change);
	return code;
}

/* ---- what leaves ---- */

static int
choose_partner(struct record_chosen *chosen, const struct record_out *out)
{
	size_t bytes = 0;
	int code;

	if (chosen->wish.purpose != RECORD_PURPOSE_PARTNER)
		return out->partner_fd < 0 ? CAIRN_EXIT_OK
		                           : fail(CAIRN_EXIT_USAGE, "--partner-fd goes with --purpose partner");
	code = ask_text(out->partner_fd, false, "the partner's name", chosen->partner, RECORD_LINE_MAX, &bytes);
	if (code == CAIRN_EXIT_OK &&
	    (bytes == 0 || !record_text_good((struct cairn_span){chosen->partner, bytes}, false)))
		return fail(CAIRN_EXIT_USAGE, "the partner's name must be one line");
	chosen->wish.partner = (struct cairn_span){chosen->partner, bytes};
	return code;
}

static int
choose_roots(const struct record_session *s, struct record_chosen *chosen, const struct option_list *only)
{
	int code = CAIRN_EXIT_OK;

	for (size_t i = 0; code == CAIRN_EXIT_OK && i < only->count; i++)
		code = record_named(s, &chosen->roots[i], NULL, only->items[i]);
	chosen->wish.roots = chosen->roots;
	chosen->wish.root_count = only->count;
	return code;
}

/* Asking a second device before more than one case leaves. */
struct asking {
	const struct record_session *s;
	uint8_t ask[OP_ID_BYTES];
};

/*
 * What the second person is shown, and consents to: nothing else than this selection, for this purpose and partner.
 */
static void
asking_reason(
    char out[ASKING_REASON_BYTES], const struct record_wish *wish, const struct record_selection *selection)
{
	static const char context[] = "cairn/1 export";
	uint8_t digest[CAIRN_HASH_BYTES], purpose = (uint8_t)wish->purpose;
	char hex[2 * CAIRN_HASH_BYTES + 1];
	crypto_generichash_state h;

	crypto_generichash_init(&h, NULL, 0, sizeof(digest));
	crypto_generichash_update(&h, (const uint8_t *)context, sizeof(context) - 1);
	crypto_generichash_update(&h, &purpose, 1);
	crypto_generichash_update(&h, selection->digest, sizeof(selection->digest));
	crypto_generichash_update(&h, (const uint8_t *)wish->partner.text, wish->partner.size);
	crypto_generichash_final(&h, digest, sizeof(digest));
	sodium_bin2hex(hex, sizeof(hex), digest, sizeof(digest));
	snprintf(out, ASKING_REASON_BYTES, "export of %zu cases for %s, digest %s", selection->cases,
	    record_purposes[wish->purpose].name, hex);
}

/* Asked once; afterwards it is looked whether somebody has consented. */
static int
second_person(void *arg, const struct record_wish *wish, const struct record_selection *selection)
{
	static const uint8_t none[OP_ID_BYTES];
	struct asking *a = arg;
	struct carry *carry = a->s->desk.desk->carry;
	char text[ASKING_REASON_BYTES];
	struct cairn_span reason;
	int err;

	asking_reason(text, wish, selection);
	reason = (struct cairn_span){text, strlen(text)};
	err = ask_granted_for(carry, a->ask, ASK_EXPORT, reason, 1, a->s->now);
	if (err != CAIRN_ERR_UNKNOWN)
		return err;
	err = carry_ask(carry, a->ask, ASK_EXPORT, none, reason, a->s->now);
	return err == CAIRN_OK ? CAIRN_ERR_DENIED : err;
}

static int
refuse_alone(const struct asking *a, size_t cases)
{
	char hex[2 * OP_ID_BYTES + 1];

	sodium_bin2hex(hex, sizeof(hex), a->ask, sizeof(a->ask));
	return fail(CAIRN_EXIT_REFUSED,
	    "this would take %zu cases out at once, which needs two people. 'cairn desk sync' asks the desk's other "
	    "devices; one of them consents within the hour with 'cairn desk consent %.8s'; after another sync this "
	    "is said again. Or export one event at a time with --only",
	    cases, hex);
}

int
record_choose(const struct record_session *s, struct record_chosen *chosen, const struct record_out *out)
{
	struct asking asking = {.s = s};
	struct record_door door;
	int code, err;

	memset(chosen, 0, sizeof(*chosen));
	if (out->purpose == NULL ||
	    !record_purpose_named(&chosen->wish.purpose, (struct cairn_span){out->purpose, strlen(out->purpose)}))
		return fail(CAIRN_EXIT_USAGE,
		    "--purpose must say what for: help, internal, partner, court, "
		    "public-anonymous or public-named. Consent was given for one and not another");
	code = choose_partner(chosen, out);
	if (code == CAIRN_EXIT_OK)
		code = choose_roots(s, chosen, &out->only);
	if (code != CAIRN_EXIT_OK)
		return code;
	door = (struct record_door){second_person, &asking};
	err = record_select(s->db, &chosen->wish, &door, &chosen->selection);
	if (err == CAIRN_ERR_DENIED)
		return refuse_alone(&asking, chosen->selection.cases);
	if (err != CAIRN_OK)
		return record_fail(s, err);
	if (chosen->selection.count == 0) {
		record_remark(chosen);
		return fail(CAIRN_EXIT_REFUSED, "nothing may leave for that purpose");
	}
	return CAIRN_EXIT_OK;
}

void
record_chosen_end(struct record_chosen *chosen)
{
	record_selection_clear(&chosen->selection);
}

void
record_remark(const struct record_chosen *chosen)
{
	if (chosen->selection.without_consent > 0)
		complain("%zu held back: not all whose accounts they rest on allow that",
		    chosen->selection.without_consent);
	if (chosen->selection.inside > 0)
		complain("%zu held back: nothing of them may be seen there", chosen->selection.inside);
}

int
record_write(const char *path, const void *bytes, size_t size)
{
	int fd;
	FILE *out;
	bool bad;

	if (path == NULL)
		return fail(CAIRN_EXIT_USAGE, "--out must name a new file, or - for standard output");
	if (strcmp(path, "-") == 0) {
		bad = fwrite(bytes, 1, size, stdout) != size || fflush(stdout) != 0;
		return bad ? fail(CAIRN_EXIT_STORAGE, "the result could not be written") : CAIRN_EXIT_OK;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	out = fd < 0 ? NULL : fdopen(fd, "wb");
	if (out == NULL)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", path, strerror(errno));
	bad = fwrite(bytes, 1, size, out) != size;
	bad |= fclose(out) != 0;
	return bad ? fail(CAIRN_EXIT_STORAGE, "%s could not be written", path) : CAIRN_EXIT_OK;
}
