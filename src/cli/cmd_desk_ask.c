// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "carry/opening.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/engine.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"

/* What one device alone must not do: asking the others, and consenting, by hand. */

struct ask_options {
	struct engine_options engine;
	int reason_fd;
};

#define A struct ask_options
static const struct option_def ask_defs[] = {
    OPTION(FD, A, reason_fd, "reason-fd", "N", "read the reason, which the others are shown, from this open file"),
    ENGINE_OPTIONS(A, engine),
    OPTIONS_END,
};
const struct option_table desk_ask_options = {ask_defs, sizeof(A)};

static const struct option_def consent_defs[] = {
    ENGINE_OPTIONS(A, engine),
    OPTIONS_END,
};
const struct option_table desk_consent_options = {consent_defs, sizeof(A)};

static const struct asking {
	const char *word;
	enum ask_what what;
	const char *text;
} askings[] = {
    {"open", ASK_OPEN, "to open, for an hour"},
    {"destroy", ASK_DESTROY, "to destroy before its time"},
    {"export", ASK_EXPORT, "to export over more than one case"},
};

static const struct asking *
asking_of(const char *word)
{
	for (size_t i = 0; i < sizeof(askings) / sizeof(askings[0]); i++)
		if (strcmp(askings[i].word, word) == 0)
			return &askings[i];
	return NULL;
}

static int
asking_check(const struct asking **ret, int argc, char **argv)
{
	*ret = asking_of(argv[0]);
	if (*ret == NULL)
		return fail(CAIRN_EXIT_USAGE, "ask for one of: open CASE COMPARTMENT, destroy CASE "
		    "COMPARTMENT");
	/* Consent is to exactly what would leave, which only the export itself knows. */
	if ((*ret)->what == ASK_EXPORT)
		return fail(CAIRN_EXIT_USAGE, "an export asks by itself: say 'cairn record export', or 'record "
		    "bundle', as it is to be; the others are asked for exactly that, and when one has consented it "
		    "is said again");
	return argc == 3 ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_USAGE, "which case and compartment?");
}

/* The others would pass it over where this device is no member. */
static int
may_ask(struct engine *e, const struct asking *asking, const struct carry_compartment *c)
{
	struct carry_device self;
	bool member = false;
	int err = device_self(e->carry, &self);

	if (err == CAIRN_OK)
		err = member_is(e->carry, &member, c->n, self.n);
	if (err != CAIRN_OK)
		return engine_fail(e, err, NULL);
	if (!member)
		return fail(CAIRN_EXIT_REFUSED, "this device is no member of that compartment");
	if (asking->what == ASK_OPEN && c->k == 0)
		return fail(CAIRN_EXIT_USAGE, "that compartment needs nobody's consent: 'cairn case show'");
	return CAIRN_EXIT_OK;
}

static int
ask_say(struct engine *e, const struct asking *asking, const uint8_t compartment[OP_ID_BYTES], const A *o)
{
	char reason[ASK_REASON_MAX + 1];
	uint8_t id[OP_ID_BYTES];
	size_t bytes = 0;
	int code = ask_text(o->reason_fd, true, "the reason", reason, sizeof(reason) - 1, &bytes);
	int err;

	if (code == CAIRN_EXIT_OK && bytes == 0)
		code = fail(CAIRN_EXIT_USAGE, "a reason is wanted: the others decide by it");
	if (code != CAIRN_EXIT_OK)
		return code;
	err = carry_ask(e->carry, id, asking->what, compartment, (struct cairn_span){reason, bytes}, e->now);
	sodium_memzero(reason, sizeof(reason));
	if (err != CAIRN_OK)
		return engine_fail(e, err, NULL);
	return engine_done(e, json_pack("{s:o}", "ask", json_hex(id, sizeof(id))),
	    "Asked. The others say 'cairn desk consent'; it holds for an hour.");
}

int
cmd_desk_ask(const void *options, int argc, char **argv)
{
	const A *o = options;
	struct carry_compartment c = {.n = 0};
	const struct asking *asking;
	struct engine e = {.reaches = false};
	int code = asking_check(&asking, argc, argv);

	if (code == CAIRN_EXIT_OK)
		code = engine_begin(&e, &o->engine);
	if (code == CAIRN_EXIT_OK && argc > 1)
		code = engine_compartment(&e, &c, argv[1], argv[2]);
	if (code == CAIRN_EXIT_OK && argc > 1)
		code = may_ask(&e, asking, &c);
	if (code == CAIRN_EXIT_OK)
		code = ask_say(&e, asking, c.id, o);
	engine_end(&e);
	return code;
}

/* ---- consenting ---- */

static const char *
asked_text(enum ask_what what)
{
	for (size_t i = 0; i < sizeof(askings) / sizeof(askings[0]); i++)
		if (askings[i].what == what)
			return askings[i].text;
	return "something of a newer version";
}

struct asked_words {
	char digits[2 * OP_ID_BYTES + 1];
	char device[OP_ALIAS_MAX + 1];
	char name[CASE_NAME_MAX];
	char part[COMPARTMENT_NAME_MAX];
};

static int
asked_read(struct engine *e, struct asked_words *w, const struct ask_line *line)
{
	struct carry_compartment c;
	int err;

	sodium_bin2hex(w->digits, sizeof(w->digits), line->id, sizeof(line->id));
	device_name_of(e->carry, w->device, line->device);
	w->name[0] = w->part[0] = '\0';
	if (line->c == 0)
		return CAIRN_OK;
	err = compartment_at(e->carry, &c, line->c);
	if (err == CAIRN_OK)
		err = case_name(e->carry, w->name, c.case_id, e->now);
	return err == CAIRN_OK ? compartment_name(e->carry, w->part, &c) : err;
}

static void
asked_tell(const struct ask_line *line, const struct asked_words *w)
{
	char when[DESK_WHEN_BYTES];

	printf("%.8s  ", w->digits);
	safe_inline(stdout, (struct cairn_span){w->device, strlen(w->device)});
	printf(" asks %s", asked_text(line->what));
	if (line->c != 0) {
		fputs(": ", stdout);
		safe_inline(stdout, (struct cairn_span){w->name, strlen(w->name)});
		printf(", %s", w->part);
	}
	printf(" (%s; consents: %zu)\n", desk_when(when, line->at), line->consents);
	safe_text(stdout, (struct cairn_span){line->reason, strlen(line->reason)}, "          ");
}

static int
asked_each(struct engine *e, const struct ask_line *lines, size_t count, json_t *array)
{
	struct asked_words w;
	int err = CAIRN_OK;

	for (size_t i = 0; i < count && err == CAIRN_OK; i++) {
		err = asked_read(e, &w, &lines[i]);
		if (err == CAIRN_OK && array == NULL)
			asked_tell(&lines[i], &w);
		else if (err == CAIRN_OK)
			json_array_append_new(array,
			    json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I}", "ask", w.digits, "device", w.device,
				"what", asked_text(lines[i].what), "case", w.name, "compartment", w.part, "reason",
				lines[i].reason, "at", (json_int_t)lines[i].at, "consents",
				(json_int_t)lines[i].consents));
	}
	sodium_memzero(&w, sizeof(w));
	return err;
}

static int
asked_list(struct engine *e, const struct ask_line *lines, size_t count)
{
	json_t *array = e->json ? json_array() : NULL;
	int err = asked_each(e, lines, count, array);

	if (err != CAIRN_OK) {
		json_decref(array);
		return engine_fail(e, err, NULL);
	}
	if (e->json)
		return print_json(json_pack("{s:o}", "asks", array));
	puts(count == 0 ? "Nobody has asked for anything within the hour."
			: "\nTalk with whoever asks, then: cairn desk consent, with the digits before it.");
	return CAIRN_EXIT_OK;
}

static int
consent_to(struct engine *e, const struct ask_line *lines, size_t count, const char *digits)
{
	static const struct engine_word words[] = {
	    {CAIRN_ERR_DENIED, "that is not this device's to give"},
	    {CAIRN_ERR_STALE, "that was asked more than an hour ago: have it asked again"},
	    {0, NULL},
	};
	const struct ask_line *line = NULL;
	char hex[2 * OP_ID_BYTES + 1];
	size_t found = 0, length = strlen(digits);
	int err;

	for (size_t i = 0; i < count; i++) {
		sodium_bin2hex(hex, sizeof(hex), lines[i].id, OP_ID_BYTES);
		if (length >= 4 && strncmp(hex, digits, length) == 0) {
			line = &lines[i];
			found++;
		}
	}
	if (found != 1)
		return fail(CAIRN_EXIT_USAGE, "nothing asked within the hour begins with these digits, or "
		    "several do: 'cairn desk "
					      "consent' lists them");
	if (memcmp(line->device, e->carry->self.device, OP_ID_BYTES) == 0)
		return fail(CAIRN_EXIT_REFUSED, "this device asked for it itself: the consent is another's to give");
	err = carry_consent(e->carry, line->id, e->now);
	return err == CAIRN_OK ? engine_done(e, NULL, "Consented.") : engine_fail(e, err, words);
}

int
cmd_desk_consent(const void *options, int argc, char **argv)
{
	const A *o = options;
	struct ask_line *lines = NULL;
	size_t count = 0;
	struct engine e;
	int code = engine_begin(&e, &o->engine);

	if (code == CAIRN_EXIT_OK && !o->engine.offline)
		code = engine_send(&e); /* what the others have asked */
	if (code == CAIRN_EXIT_OK) {
		int err = asks_open(e.carry, &lines, &count, e.now);

		if (err != CAIRN_OK)
			code = engine_fail(&e, err, NULL);
	}
	if (code == CAIRN_EXIT_OK)
		code = argc > 0 ? consent_to(&e, lines, count, argv[0]) : asked_list(&e, lines, count);
	if (lines != NULL)
		sodium_memzero(lines, count * sizeof(*lines));
	free(lines);
	engine_end(&e);
	return code;
}
