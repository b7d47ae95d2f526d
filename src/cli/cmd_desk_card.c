// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <sodium.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/desk_session.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/shares_load.h"
#include "desk/roster.h"
#include "desk/take_over.h"

struct card_options {
	struct desk_options desk;
	bool renew;
	const char *out;
	bool roster;
	struct option_list shares;
	const char *name;
	struct option_list langs;
	struct option_list never;
	struct option_list pages;
	struct option_list gives;
	struct option_list site_keys;
	struct option_list witnesses;
	uint64_t card_days;
	bool json;
};

#define C struct card_options
static const struct option_def defs[] = {
    OPTION(FLAG, C, renew, "renew", "", "make the next card, with two shares"),
    OPTION(FLAG, C, roster, "roster", "", "the roster of devices instead of the card"),
    OPTION(TEXT, C, out, "out", "FILE", "write it there instead, as others check it"),
    OPTION(LIST, C, shares, "share", "FILE", "a share of the identity key (twice)"),
    OPTION(TEXT, C, name, "name", "NAME", "another public name, with --renew"),
    OPTION(LIST, C, langs, "lang", "TAG", "other languages, with --renew"),
    OPTION(LIST, C, never, "never-asks", "TEXT", "other lines of what the desk never asks, with --renew"),
    OPTION(LIST, C, pages, "page", "SHA256", "a single-file page that is the desk's, with --renew (see desk page)"),
    OPTION(LIST, C, gives, "give", "SHA256", "a file of the site's ways to give, with --renew (see verify give)"),
    OPTION(LIST, C, site_keys, "site-key", "KEY", "other keys of the site, with --renew (see claim key)"),
    OPTION(LIST, C, witnesses, "witness", "NAME KEY", "other witnesses, with --renew"),
    OPTION(NUMBER, C, card_days, "card-days", "N", "days that the new card holds, at most 100 (90)"),
    OPTION(FLAG, C, json, "json", "", "print one JSON object"),
    DESK_DIR_OPTION(C, desk),
    OPTIONS_END,
};
const struct option_table desk_card_options = {defs, sizeof(C)};

static bool
is_hash(const char *text)
{
	uint8_t hash[CAIRN_SHA256_BYTES];

	return text_hex(hash, sizeof(hash), (struct cairn_span){text, strlen(text)}) == CAIRN_OK;
}

static bool
is_key(struct cairn_span text)
{
	uint8_t key[33];
	size_t bytes = 0;

	return text_base64(key, sizeof(key), &bytes, text) == CAIRN_OK && bytes == 32;
}

/* The lines that bear keys. */
static int
keys_check(const C *o)
{
	struct cairn_card_key witness;

	for (size_t i = 0; i < o->site_keys.count; i++)
		if (!is_key((struct cairn_span){o->site_keys.items[i], strlen(o->site_keys.items[i])}))
			return fail(CAIRN_EXIT_USAGE,
			    "--site-key wants a key in base64, as 'cairn claim key' writes it");
	for (size_t i = 0; i < o->witnesses.count; i++)
		if (cairn_card_key_read(&witness, (struct cairn_span){o->witnesses.items[i],
		        strlen(o->witnesses.items[i])}) != CAIRN_OK || !cairn_note_name_ok(witness.word))
			return fail(CAIRN_EXIT_USAGE, "--witness wants a name and a key in base64");
	return CAIRN_EXIT_OK;
}

static int
renew_check(const C *o)
{
	if (o->name != NULL && !card_line_ok(o->name, DESK_NAME_MAX))
		return fail(CAIRN_EXIT_USAGE, "the desk's name must be 1 to 128 bytes of plain text");
	for (size_t i = 0; i < o->langs.count; i++)
		if (!card_lang_ok(o->langs.items[i]))
			return fail(CAIRN_EXIT_USAGE, "not a language tag like en or ru: %s", o->langs.items[i]);
	for (size_t i = 0; i < o->never.count; i++)
		if (!card_line_ok(o->never.items[i], 512))
			return fail(CAIRN_EXIT_USAGE, "--never-asks wants one line of plain text");
	for (size_t i = 0; i < o->pages.count; i++)
		if (!is_hash(o->pages.items[i]))
			return fail(CAIRN_EXIT_USAGE, "--page wants the 64 hex digits that "
						      "'cairn desk page' printed");
	for (size_t i = 0; i < o->gives.count; i++)
		if (!is_hash(o->gives.items[i]))
			return fail(CAIRN_EXIT_USAGE, "--give wants the SHA-256 of a file give/NAME.txt of the site");
	if (o->card_days > CAIRN_CARD_DAYS_MAX)
		return fail(CAIRN_EXIT_USAGE, "a card holds at most %u days", CAIRN_CARD_DAYS_MAX);
	return keys_check(o);
}

/* The next card names the board's key, which is on one device only. */
static int
card_is_here(struct desk *desk)
{
	bool ours;
	int err = board_key_is_ours(desk, &ours);

	return err == CAIRN_OK && !ours ? desk_trouble(desk, CAIRN_ERR_DENIED,
	    "the board's key is not on this device: the card is renewed on the one that publishes ('cairn desk "
	    "publisher' names it); if that is gone, this one takes the board over, which makes a card, too") : err;
}

static int
renew_with(struct desk *desk, const C *o, const struct share shares[SHARES_NEEDED])
{
	const struct card_wish wish = {
	    .name = o->name,
	    .langs = o->langs.items,
	    .lang_count = o->langs.count,
	    .never_asks = o->never.items,
	    .never_count = o->never.count,
	    .pages = o->pages.items,
	    .page_count = o->pages.count,
	    .gives = o->gives.items,
	    .give_count = o->gives.count,
	    .site_keys = o->site_keys.items,
	    .site_key_count = o->site_keys.count,
	    .witnesses = o->witnesses.items,
	    .witness_count = o->witnesses.count,
	    .days = (uint32_t)o->card_days,
	};
	int err = o->roster ? CAIRN_OK : card_is_here(desk);

	if (err == CAIRN_OK && o->roster)
		err = desk_roster_next(desk, &(struct roster_change){NULL, NULL}, &shares[0], &shares[1], desk_now());
	else if (err == CAIRN_OK)
		err = card_renew(desk, &wish, &shares[0], &shares[1], desk_now());
	if (err != CAIRN_OK) {
		desk_fail(desk, err);
		return CAIRN_EXIT_REFUSED;
	}
	remark(o->roster ? "the new roster goes to the relay and the other devices with the next tick of 'cairn desk "
			   "open'. Take the shares off this machine"
			 : "the new card is published with the next batch. Take the shares off this machine");
	return CAIRN_EXIT_OK;
}

static int
renew(struct desk *desk, const C *o)
{
	struct share *shares;
	int code = renew_check(o);

	if (code != CAIRN_EXIT_OK)
		return code;
	code = shares_load(&shares, &o->shares);
	if (code == CAIRN_EXIT_OK)
		code = renew_with(desk, o, shares);
	sodium_free(shares);
	return code;
}

/* The signed text as it stands: a card is made to be read by people. */
static int
show_note(struct desk *desk, const C *o)
{
	uint64_t serial = 0;
	uint8_t *bytes;
	size_t size;
	int err = state_note_get(desk->state, o->roster ? "roster" : "card", &bytes, &size, &serial);
	int code = CAIRN_EXIT_OK;

	if (err != CAIRN_OK)
		return desk_fail(desk, desk_state_trouble(desk, err));
	if (o->json)
		code = print_json(json_pack("{s:I, s:o}", "serial", (json_int_t)serial, "note",
		    json_span((struct cairn_span){(const char *)bytes, size})));
	else if (o->out != NULL)
		code = file_write(o->out, bytes, size);
	else
		(void)fwrite(bytes, 1, size, stdout); /* our own words, byte for byte */
	free(bytes);
	return code;
}

static void
show_days(struct desk *desk)
{
	struct cairn_card card;
	char day[WHEN_BYTES];
	uint8_t *bytes;
	size_t size;
	uint32_t today = desk_day(desk_now());

	if (card_read(desk, &card, &bytes, &size, today) == CAIRN_OK)
		remark("The card holds until the end of %s: %u days.", when_day(day, card.not_after),
		    card.not_after - today + 1);
	else
		complain("%s", desk->trouble);
	free(bytes);
}

int
cmd_desk_card(const void *options, int argc, char **argv)
{
	const C *o = options;
	struct desk_session s;
	int code = desk_session_begin(&s, &o->desk);

	(void)argc;
	(void)argv;
	if (code == CAIRN_EXIT_OK && o->renew)
		code = renew(s.desk, o);
	if (code == CAIRN_EXIT_OK)
		code = show_note(s.desk, o);
	if (code == CAIRN_EXIT_OK && !o->roster && !o->json)
		show_days(s.desk);
	desk_session_end(&s);
	return code;
}
