// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/demo.h"
#include "cli/demo_process.h"
#include "cli/demo_screen.h"
#include "cli/demo_search.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/unlock.h"
#include "net/net.h"

#define WAIT_MS 100U
#define WAIT_S 60
#define PLAIN_SLOTS 2U
#define DESK_NAME "Desk of the demonstration"

/* ---- small things that the steps share ---- */

/* A little later; false when the relay cannot come any more. */
static bool
still_waiting(const struct demo *d, time_t since)
{
	net_pause(WAIT_MS);
	return time(NULL) - since < WAIT_S && demo_alive(d->relay, d->data);
}

static int
wait_relay(const struct demo *d)
{
	time_t since = time(NULL);

	do {
		if (demo_listens(d->port))
			return CAIRN_EXIT_OK;
	} while (still_waiting(d, since));
	return fail(CAIRN_EXIT_NETWORK, "the relay does not listen");
}

/* ---- the steps ---- */

static int
start_relay(struct demo *d)
{
	char listen[64];
	const char *page = d->page[0] == '\0' ? NULL : "--page"; /* the words end at the first NULL */
	const char *site = d->example[0] == '\0' ? NULL : "--site";
	char plain[DEMO_PATH + 16] = "0";
	const struct demo_call run = {
	    {d->cairnd, "--data", d->data, "--listen", listen, "--languages", "all", "--plain", plain, page, d->page,
		site, d->site, "--site-listen", d->site_listen},
	    {0}};
	const struct demo_call key = {{d->cairnd, "--data", d->data, "key"}, {0}};

	(void)snprintf(listen, sizeof(listen), "127.0.0.1:%u", d->port);
	if (d->plain[0] != '\0')
		(void)snprintf(plain, sizeof(plain), "%u %s", PLAIN_SLOTS, d->plain);
	if (demo_begin_site(d) != CAIRN_EXIT_OK)
		return CAIRN_EXIT_STORAGE;
	screen_heading("A relay starts: the machine that people reach");
	screen_say("It keeps sealed letters until the desk fetches them, and shows the desk's public");
	screen_say("board. It has no key that opens anything, no account of anyone, no log of who came.");
	screen_command("cairnd --data %s --listen %s &", screen_path(d->data), listen);
	d->relay = demo_start(&run, d->relay_log);
	if (d->relay < 0)
		return fail(CAIRN_EXIT_STORAGE, "%s could not be started", d->cairnd);
	if (demo_note_running(d) != CAIRN_EXIT_OK || wait_relay(d) != CAIRN_EXIT_OK ||
	    demo_run(d, &key) != CAIRN_EXIT_OK)
		return CAIRN_EXIT_STORAGE;
	demo_take_line(d->relay_key, sizeof(d->relay_key), d);
	screen_say("Its public key, which signs receipts: %s", d->relay_key);
	return CAIRN_EXIT_OK;
}

#define OPENS_WITHIN_S 60U

/* The words that open the desk's vault. */
static int
make_vault_words(struct demo *d)
{
	const struct demo_call new = {{d->self, "person", "new"}, {0}};
	int code = demo_run(d, &new);

	if (code == CAIRN_EXIT_OK)
		demo_take_line(d->vault, sizeof(d->vault), d);
	return code;
}

static bool
take_shares(struct demo *d, const json_t *made)
{
	const json_t *names = json_object_get(made, "shares");

	for (size_t i = 0; i < 2; i++) {
		const char *name = json_string_value(json_array_get(names, i));

		if (name == NULL)
			return false;
		(void)snprintf(d->share[i], sizeof(d->share[i]), "%s/%s", d->shares, name);
	}
	return true;
}

static int
make_desk(struct demo *d)
{
	char url[64];
	const struct demo_call init = {{d->self, "desk", "init", "--relay", url, "--name", DESK_NAME, "--lang", "en",
					   "--lang", "ru", "--never-asks", "your name", "--never-asks",
					   "whom else you know", DEMO_AT_DESK(d), "--vault-size",
					   DEMO_VAULT_MIB, "--shares",
					   d->shares, "--json", d->relay_key},
	    {NULL, d->vault}};
	const struct demo_call add = {{d->cairnd, "--data", d->data, "desk", "add", d->desk_id}, {0}};
	json_t *made;
	bool good;

	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%u", d->port);
	screen_heading("A desk is made: the organisation that people trust");
	screen_say("All its keys are made here, on its own device. The one that says who the desk is");
	screen_say("is split into three shares: any two people who hold one can renew the rest.");
	screen_say("What the desk keeps is sealed in a vault, a file of random bytes that words open.");
	screen_command("cairn desk init --relay %s --name ... --dir %s --shares %s KEY", url, screen_path(d->desk),
	    screen_path(d->shares));
	if (make_vault_words(d) != CAIRN_EXIT_OK)
		return CAIRN_EXIT_INTERNAL;
	made = demo_run_json(d, &init);
	good = demo_take(d->desk_id, sizeof(d->desk_id), made, "desk_id") &&
	    demo_take(d->address, sizeof(d->address), made, "address") && take_shares(d, made);
	json_decref(made);
	if (!good)
		return CAIRN_EXIT_INTERNAL;
	screen_say("The address to give to people; behind the # stands the key that they check it by:");
	screen_copy(d->address);
	screen_say("The operator of the relay lets the desk in. That is all that he does for it.");
	screen_command("cairnd --data %s desk add %.16s...", screen_path(d->data), d->desk_id);
	return demo_run(d, &add);
}

int
demo_tick(struct demo *d)
{
	const struct demo_call once = {{d->self, "desk", "open", DEMO_AT_DESK(d), "--once"}, {NULL, d->vault}};

	screen_command("cairn desk open --dir %s --once", screen_path(d->desk));
	return demo_show(d, &once);
}

static int
start_desk(struct demo *d)
{
	screen_heading("The desk opens");
	screen_say("At every tick it fetches what people wrote, and publishes a batch of eight cells of one");
	screen_say("size, whether it has anything to say or not. In life a tick comes every ten minutes;");
	screen_say("here one is made by hand whenever the story needs it.");
	if (demo_tick(d) != CAIRN_EXIT_OK)
		return CAIRN_EXIT_NETWORK;
	screen_say("That was the first batch: eight cells that nobody can open, in which nothing is.");
	return CAIRN_EXIT_OK;
}

static int
make_passphrase(struct demo *d)
{
	const struct demo_call new = {{d->self, "person", "new"}, {0}};
	int code;

	screen_heading("A person gets a passphrase: the only thing that a person ever has");
	screen_say("No account, no app, no file: words, made on the person's own device.");
	screen_command("cairn person new");
	code = demo_show(d, &new);
	if (code != CAIRN_EXIT_OK)
		return code;
	demo_take_line(d->passphrase, sizeof(d->passphrase), d);
	return CAIRN_EXIT_OK;
}

static int
write_letter(struct demo *d)
{
	const struct demo_call write = {{d->self, "person", "write", "--desk", d->address, "--passphrase-fd", "3",
					    "--text-fd", "4", "--urgency", "today", "--need", "shelter"},
	    {d->passphrase, d->text}};
	int code;

	screen_heading("The person writes");
	screen_say("%s", d->text_invented ? "The text is invented:" : "The text that was given:");
	screen_quote(d->text);
	screen_command("cairn person write --desk \"$DESK\" --urgency today --need shelter");
	code = demo_show(d, &write);
	if (code != CAIRN_EXIT_OK)
		return code;
	screen_say("It was sealed before it left, to a key that the desk will erase in a few days. A letter");
	screen_say("is 8,192 bytes on the line, whatever is in it. The person's device keeps nothing.");
	return CAIRN_EXIT_OK;
}

/* Does the text, or the passphrase, stand anywhere in what the relay has? */
static int
search_relay(struct demo *d)
{
	const char *const needles[] = {d->text, d->passphrase};
	struct demo_search result;

	screen_heading("What does the relay know?");
	screen_say("Every byte of every file that it has is searched for the text and for the passphrase.");
	if (!demo_search(&result, d->data, needles, sizeof(needles) / sizeof(needles[0])))
		return fail(CAIRN_EXIT_STORAGE, "%s could not be searched", d->data);
	if (result.found > 0)
		return fail(CAIRN_EXIT_REFUSED, "found in %zu files of the relay: this must never be", result.found);
	screen_good("%zu files, %llu bytes: neither is there.", result.files, result.bytes);
	return CAIRN_EXIT_OK;
}

static int
look(struct demo *d, const char *passphrase)
{
	const struct demo_call look_call = {{d->self, "person", "look", "--desk", d->address, "--passphrase-fd", "3"},
	    {passphrase}};

	return demo_run(d, &look_call);
}

/* The line that tells when the board was signed moves on by itself; all behind it must be the same. */
static const char *
behind_first_line(const char *text)
{
	return text + strcspn(text, "\n");
}

static int
look_too_early(struct demo *d)
{
	const struct demo_call new = {{d->self, "person", "new"}, {0}};
	char other[sizeof(d->passphrase)];
	char *first;
	int code;

	screen_heading("There is no answer yet, and nobody can tell");
	screen_say("Looking fetches the public board and two batches of it, always two, and opens what is there.");
	screen_command("cairn person look --desk \"$DESK\"");
	if ((code = look(d, d->passphrase)) != CAIRN_EXIT_OK)
		return code;
	screen_output(d->out);
	if ((first = strdup(behind_first_line(d->out))) == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	if ((code = demo_run(d, &new)) == CAIRN_EXIT_OK) {
		demo_take_line(other, sizeof(other), d);
		code = look(d, other);
	}
	if (code == CAIRN_EXIT_OK && strcmp(first, behind_first_line(d->out)) != 0)
		code = fail(CAIRN_EXIT_REFUSED, "other words gave another result: this must never be");
	free(first);
	if (code != CAIRN_EXIT_OK)
		return code;
	screen_good("The same command with other words gives the very same: no answer, no letter,");
	screen_say("  or words that were never used cannot be told apart, neither here nor on the line.");
	return CAIRN_EXIT_OK;
}

/* The alias of the first conversation of the inbox. */
static bool
take_alias(struct demo *d, const json_t *inbox)
{
	return demo_take(d->alias, sizeof(d->alias), json_array_get(json_object_get(inbox, "conversations"), 0),
	    "alias");
}

static int
read_letter(struct demo *d)
{
	const struct demo_call inbox = {{d->self, "desk", "inbox", DEMO_AT_DESK(d)}, {NULL, d->vault}};
	const struct demo_call list = {{d->self, "desk", "inbox", DEMO_AT_DESK(d), "--all", "--json"},
	    {NULL, d->vault}};
	const struct demo_call read = {{d->self, "desk", "read", DEMO_AT_DESK(d), d->alias}, {NULL, d->vault}};
	json_t *lines;
	bool there;
	int code;

	screen_heading("The desk fetches the letter and reads it");
	screen_say("Only the desk's devices can open it. The relay then deletes its copy.");
	if ((code = demo_tick(d)) != CAIRN_EXIT_OK)
		return code;
	lines = demo_run_json(d, &list);
	there = take_alias(d, lines);
	json_decref(lines);
	if (!there)
		return fail(CAIRN_EXIT_REFUSED, "the letter did not come to the desk");
	screen_command("cairn desk inbox --dir %s", screen_path(d->desk));
	if ((code = demo_show(d, &inbox)) != CAIRN_EXIT_OK)
		return code;
	screen_command("cairn desk read --dir %s %s", screen_path(d->desk), d->alias);
	return demo_show(d, &read);
}

static int
reply(struct demo *d)
{
	const struct demo_call call_reply = {{d->self, "desk", "reply", DEMO_AT_DESK(d), "--text-fd", "3", d->alias},
	    {d->answer, d->vault}};
	int code;

	screen_heading("The desk answers");
	screen_say("%s", d->answer_invented ? "The answer is invented:" : "The answer that was given:");
	screen_quote(d->answer);
	screen_command("cairn desk reply --dir %s %s", screen_path(d->desk), d->alias);
	code = demo_show(d, &call_reply);
	if (code != CAIRN_EXIT_OK)
		return code;
	screen_say("With the next tick it goes out among seven others of the same size, for all to download.");
	screen_say("Which of them is real, and for whom, nobody can tell but the person.");
	return demo_tick(d);
}

static bool
answer_came(const struct demo *d)
{
	json_t *result = json_loads(d->out, 0, NULL);
	json_t *message, *record;
	bool same = false;
	size_t i, j;

	json_array_foreach(json_object_get(result, "messages"), i, message)
		json_array_foreach(json_object_get(message, "records"), j, record) {
			const char *text = json_string_value(json_object_get(record, "text"));

			same |= text != NULL && strcmp(text, d->answer) == 0;
		}
	json_decref(result);
	return same;
}

static int
read_answer(struct demo *d)
{
	const struct demo_call look_json = {{d->self, "person", "look", "--desk", d->address, "--passphrase-fd", "3",
						"--json"},
	    {d->passphrase}};
	int code;

	screen_heading("The person looks again, and reads the answer");
	screen_command("cairn person look --desk \"$DESK\"");
	if ((code = look(d, d->passphrase)) != CAIRN_EXIT_OK)
		return code;
	screen_output(d->out);
	if ((code = demo_run(d, &look_json)) != CAIRN_EXIT_OK)
		return code;
	if (!answer_came(d))
		return fail(CAIRN_EXIT_REFUSED, "the answer that came is not the one that was given");
	screen_good("The answer that came is the one that was given, to the letter.");
	return CAIRN_EXIT_OK;
}

static int
verify(struct demo *d)
{
	const struct demo_call board = {{d->self, "verify", "board", "--desk", d->address}, {0}};

	screen_heading("Anybody can check the board");
	screen_say("The desk signs all that it publishes, and cannot take it back unseen. A relay that shows");
	screen_say("different people different boards leaves a proof of it.");
	screen_command("cairn verify board --desk \"$DESK\"");
	return demo_show(d, &board);
}

/* Until it hands out what opens the vault: the commands that the farewell shows need no words then. */
static bool
wait_for_desk(const struct demo *d)
{
	const struct timespec moment = {0, 100 * 1000 * 1000};
	char path[DEMO_PATH + 64];

	(void)snprintf(path, sizeof(path), "%s/" UNLOCK_SOCKET, d->desk);
	for (unsigned i = 0; i < OPENS_WITHIN_S * 10; i++) {
		if (access(path, F_OK) == 0)
			return true;
		nanosleep(&moment, NULL);
	}
	return false;
}

/* From here on by itself. What keeps running need not fill the disk: hence no shorter tick. */
static int
leave_open(struct demo *d)
{
	char seconds[16];
	const struct demo_call run = {{d->self, "desk", "open", DEMO_AT_DESK(d), "--tick", seconds},
	    {NULL, d->vault}};

	(void)snprintf(seconds, sizeof(seconds), "%u", d->tick_s);
	d->open_desk = demo_start(&run, d->desk_log);
	if (d->open_desk < 0)
		return fail(CAIRN_EXIT_STORAGE, "%s could not be started", d->self);
	if (!wait_for_desk(d))
		return fail(CAIRN_EXIT_STORAGE, "the desk did not open: %s says why", d->desk_log);
	return demo_note_running(d);
}

int
demo_tell(struct demo *d)
{
	static int (*const steps[])(struct demo *) = {
	    start_relay, make_desk, start_desk, make_passphrase, write_letter, search_relay, look_too_early,
	    read_letter, reply, read_answer, verify, demo_make_site, demo_admit_second, demo_name_keys,
	    demo_draft_claim, demo_publish_claim, demo_sign_site,
	    demo_check_claim, leave_open,
	};
	int code = CAIRN_EXIT_OK;

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]) && code == CAIRN_EXIT_OK; i++)
		code = steps[i](d);
	return code;
}

/* What people are given, without the key behind the #: the page knows it from the relay. */
static const char *
demo_page_address(const struct demo *d, char *out, size_t room)
{
	(void)snprintf(out, room, "%.*s", (int)strcspn(d->address, "#"), d->address);
	return out;
}

void
demo_farewell(const struct demo *d)
{
	char address[512];
	const char *self = screen_path(d->self);

	screen_heading("Go on by hand");
	screen_say("Relay and desk keep running, the desk with a tick of %u seconds. In three terminals:",
	    d->tick_s);
	screen_gap();
	screen_say("The relay, as its operator sees it");
	screen_say("  tail -f %s", screen_path(d->relay_log));
	screen_gap();
	screen_say("The desk");
	screen_say("  export CAIRN_DESK=%s", screen_path(d->desk));
	screen_say("  %s desk inbox", self);
	screen_say("  %s desk read %s", self, d->alias);
	screen_say("  %s desk reply %s", self, d->alias);
	screen_say("  While the desk is open these need no words. To open it again, its vault wants:");
	screen_copy(d->vault);
	screen_gap();
	screen_say("A person");
	screen_say("  DESK='%s'", d->address);
	screen_say("  %s person write --desk \"$DESK\" --new", self);
	screen_say("  %s person look --desk \"$DESK\"", self);
	screen_gap();
	if (d->page[0] != '\0') {
		screen_say("Or a person in a browser; languages with a * wait for a native speaker's review");
		screen_copy(demo_page_address(d, address, sizeof(address)));
		if (d->plain[0] != '\0')
			screen_say("With scripts off (javascript.enabled in Firefox's about:config) it has "
			    "plain forms.");
	}
	demo_farewell_site(d);
	screen_say("To stop all of it: %s demo --stop --dir %s", self, screen_path(d->dir));
	screen_say("Then %s may be deleted.", screen_path(d->dir));
}
