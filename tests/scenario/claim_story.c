// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/writer.h"
#include "lib/claimed.h"

/*
 * From accounts to a public claim, and to a court, by the commands as staff give them. The desk's card, roster and
 * device keys are made here.
 */
static struct claimed *c;
static char folder[64];
static char said[65536];

static void
put(const char *name, const void *bytes, size_t size)
{
	char path[256];
	FILE *out;

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	out = fopen(path, "wb");
	assert_non_null(out);
	assert_int_equal(fwrite(bytes, 1, size, out), size);
	assert_int_equal(fclose(out), 0);
}

static void
put_seed(const char *name, uint8_t seed_byte)
{
	char text[66];

	for (size_t i = 0; i < 32; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", seed_byte);
	text[64] = '\n';
	put(name, text, 65);
}

/* Runs "cairn ARGUMENTS" in the folder, with the desk's and the devices' ids as $DESK, $D0, $D1. */
static int
cairn(const char *arguments)
{
	char command[2048];
	FILE *out;
	size_t size;
	int status;

	(void)snprintf(command, sizeof command, "cd '%s' && " CAIRN " %s 2>&1", folder, arguments);
	out = popen(command, "r");
	assert_non_null(out);
	size = fread(said, 1, sizeof said - 1, out);
	said[size] = '\0';
	status = pclose(out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define ends(code, ...) assert_int_equal(cairn(__VA_ARGS__), code)

#define says(words)                                                  \
	do {                                                         \
		if (strstr(said, words) == NULL)                     \
			fail_msg("\"%s\" is not in:\n%s", words, said); \
	} while (0)

static void
put_draft(size_t accounts)
{
	static char draft[65536];
	size_t size;

	size = (size_t)snprintf(draft, sizeof draft, "{\"cairn\":\"claim draft 1\",\"accounts\":10,\"ways\":4,"
	    "\"before\":\"2017-05\",\"place\":{\"level\":\"country\",\"name\":\"Russia\"},"
	    "\"says\":{\"en\":\"Men were held in secret and tortured\"},\"sealed\":[");
	for (size_t i = 0; i < accounts; i++) {
		char name[32], hex[65];
		uint8_t hash[32];

		(void)snprintf(name, sizeof name, "account-%zu", i);
		crypto_hash_sha256(hash, (const uint8_t *)name, strlen(name));
		sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
		put(name, name, strlen(name));
		size += (size_t)snprintf(draft + size, sizeof draft - size,
		    "%s{\"code\":\"acct-%zu\",\"sha256\":\"%s\"}",
		    i > 0 ? "," : "", i, hex);
	}
	size += (size_t)snprintf(draft + size, sizeof draft - size, "]}");
	put("draft", draft, size);
}

static int
set_up(void **state)
{
	char hex[65], id[33];

	(void)state;
	c = calloc(1, sizeof *c);
	claimed_init(c, 10, 12);
	(void)snprintf(folder, sizeof folder, "/tmp/cairn-story-XXXXXX");
	assert_non_null(mkdtemp(folder));
	put("card", c->card_note.bytes, c->card_note.size);
	put("roster", c->roster_note.bytes, c->roster_note.size);
	put_seed("site.key", 2);
	put_seed("d0.key", 10);
	put_seed("d1.key", 11);
	put_draft(12);
	sodium_bin2hex(hex, sizeof hex, c->desk_id, 32);
	setenv("DESK", hex, 1);
	for (size_t i = 0; i < 2; i++) {
		sodium_bin2hex(id, sizeof id, c->ids[i], 16);
		setenv(i == 0 ? "D0" : "D1", id, 1);
	}
	return 0;
}

static int
tear_down(void **state)
{
	char command[128];

	(void)state;
	claimed_release(c);
	free(c);
	(void)snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

#define DRAFT "claim draft --desk-id $DESK --out text --secrets secrets --date 2017-08-22 --graph " EXAMPLE " draft"
#define APPROVE0 "claim approve --desk-id $DESK --device $D0 --key d0.key --out one text"
#define APPROVE1 "claim approve --desk-id $DESK --device $D1 --key d1.key --out two one"
#define PUBLISH                                                                                                    \
	"claim publish --desk-id $DESK --card card --roster roster --site-key site.key --log log --date 2017-08-22 " \
	"--out claim "
#define VERIFY "verify claim --card card --date 2017-08-22 "

static void
publish(void)
{
	ends(0, DRAFT);
	ends(0, APPROVE0);
	ends(0, APPROVE1);
	ends(0, PUBLISH "two");
}

static void
accounts_become_a_public_claim(void **state)
{
	struct stat found;
	char path[128];

	(void)state;
	ends(0, DRAFT);
	says("at least 10 accounts, from at least 4 independent ways, before ");
	says("new place: Russia");
	(void)snprintf(path, sizeof path, "%s/secrets", folder);
	assert_int_equal(stat(path, &found), 0);
	assert_int_equal(found.st_mode & 0777, 0600);
	ends(0, APPROVE0);
	says("This would be public:");
	ends(2, PUBLISH "one");
	says("two devices of the roster must have agreed");
	ends(0, APPROVE1);
	ends(0, PUBLISH "two");
	ends(0, VERIFY "claim");
	says("This is a claim of");
	says("North Bridge");
	says("as it says itself");
	says("2 signatures are below it; whose, only a roster tells");
	says("entry 0 of 1");
	says("0 of 1 on the card saw this log");
	says("32 sealed commitments");
	ends(0, VERIFY "--desk-id $DESK --roster roster claim");
	says("2 devices of the roster");
	says("the one that was asked for");
	ends(0, VERIFY "--json claim");
	says("\"accounts\":10,\"ways\":4,\"before\":\"2017-05\"");
}

static void
the_claim_says_nothing_of_its_accounts(void **state)
{
	char path[128], text[65536];
	FILE *in;
	size_t size;

	(void)state;
	publish();
	(void)snprintf(path, sizeof path, "%s/claim", folder);
	in = fopen(path, "rb");
	assert_non_null(in);
	size = fread(text, 1, sizeof text - 1, in);
	text[size] = '\0';
	assert_int_equal(fclose(in), 0);
	assert_null(strstr(text, "acct-"));
	for (size_t i = 0; i < 12; i++) {
		char name[32], code[65];
		uint8_t hash[32];

		(void)snprintf(name, sizeof name, "account-%zu", i);
		crypto_hash_sha256(hash, (const uint8_t *)name, strlen(name));
		sodium_bin2hex(code, sizeof code, hash, sizeof hash);
		assert_null(strstr(text, code));
		sodium_bin2base64(code, sizeof code, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
		assert_null(strstr(text, code));
	}
}

static void
too_few_accounts_are_held_back(void **state)
{
	(void)state;
	put_draft(9);
	ends(2, DRAFT);
	says("REFUSED: more accounts are claimed than there are (");
	says("10 of 9");
	says("nothing was written");
	put_draft(4);
	ends(2, DRAFT);
	says("REFUSED: so few accounts are held back");
	ends(4, APPROVE0);
}

static void
what_is_public_already_is_shown_beside(void **state)
{
	(void)state;
	publish();
	ends(4, "claim draft --desk-id $DESK --out text2 --secrets secrets2 --date 2017-08-22 "
	    "--published public draft");
	ends(0, "help >/dev/null; mkdir public; cp claim public/");
	ends(0, "claim draft --desk-id $DESK --out text2 --secrets secrets2 --date 2017-08-22 "
	    "--published public draft");
	says("warning: the ways were not computed");
	says("Beside what is public:");
	says("of the same place: at least 10 before 2017-05, now at least 10 before 2017-05");
	assert_null(strstr(said, "new place"));
}

static void
a_claim_that_was_altered_is_refused_in_plain_words(void **state)
{
	(void)state;
	publish();
	ends(0, "help >/dev/null; sed s/^ways.4/ways\\ 5/ claim > more");
	ends(2, VERIFY "more");
	says("it is not in the log of the site, or was altered since");
	ends(2, VERIFY "--roster roster more");
	says("two devices of the roster that may publish did not agree to it");
	ends(0, "help >/dev/null; sed s/^accounts.10/accounts\\ 20/ claim > more");
	ends(2, VERIFY "more");
	says("it is no claim");
	ends(2, "verify claim --card card --date 2018-08-22 claim");
	says("the card is past its last day");
}

static void
a_court_is_shown_chosen_accounts_and_nobody_else(void **state)
{
	(void)state;
	publish();
	ends(0, "claim key --court court");
	ends(0, "claim key --court other");
	ends(0, "claim open --secrets secrets --court court.pub --code acct-3 --code acct-7 --out "
	    "sealed claim");
	says("2 of the accounts");
	ends(0, "verify opening --claim claim --key court --account account-3 --account account-7 "
	    "sealed");
	says("Opened: 2 accounts that stand behind this claim");
	says("account-7 is one of them, unaltered");
	ends(2, "verify opening --claim claim --key court --account account-4 sealed");
	says("account-4 is no account that was opened here");
	ends(2, "verify opening --claim claim --key other sealed");
	says("not sealed to this key");
	ends(1, "claim open --secrets secrets --court court.pub --code acct-99 --out no claim");
	says("acct-99 is no account of this claim");
}

static void
a_site_key_that_the_card_does_not_name_publishes_nothing(void **state)
{
	(void)state;
	ends(0, DRAFT);
	ends(0, APPROVE0);
	ends(0, APPROVE1);
	ends(0, "claim key new");
	ends(2, "claim publish --desk-id $DESK --card card --roster roster --site-key new --log log "
	    "--date 2017-08-22 --out claim two");
	says("the card does not name this site key");
}

/* A source folder of a site whose only claim is that one; what the page loads is not looked at. */
static void
put_site(void)
{
	ends(0, "help >/dev/null; mkdir -p source/claims assets && cd assets && "
	    "touch site.css site.js search.js campaign.js core.wasm icon.svg && cd .. && "
	    "cp claim source/claims/held.claim && cp card source/desk.card && "
	    "printf '%s' '{\"title\":\"Held\",\"graph\":\"roundup\",\"sources\":[]}' > source/claims/held.json && "
	    "printf -- '---\\ntitle: T\\ndesk: https://r.example/d/%s/\\n---\\n' $DESK > source/site.md && "
	    "cp " EXAMPLE " source/reliance.json");
}

#define BUILD "site build source out --date 2017-08-22 --no-pictures --assets assets"

/* The command that stands in the page, as a visitor types it who has downloaded what the page links to. */
static void
a_visitor_checks_the_claim_by_the_command_of_its_page(void **state)
{
	char command[1024];

	(void)state;
	publish();
	put_site();
	ends(0, BUILD);
	ends(0, "help >/dev/null; cat out/en/claims/held.html");
	says("Men were held in secret and tortured");
	says("<dd>10</dd>");
	says("<dd>Russia</dd>");
	says("<dd>1 May 2017</dd>");
	says("href=\"../../claims/held.claim.txt\" download");
	says("href=\"../../desk-card.txt\" download");
	ends(0, "help >/dev/null; mkdir downloads && cp out/claims/held.claim.txt out/desk-card.txt downloads/ && "
	    "sed -n 's|.*<code>cairn \\(verify claim.*\\)</code>.*|\\1|p' out/en/claims/held.html");
	assert_true(strlen(said) > 64 && strlen(said) < 512);
	(void)snprintf(command, sizeof command, "help >/dev/null; cd downloads && " CAIRN " %s", said);
	command[strcspn(command, "\n")] = '\0';
	(void)snprintf(command + strlen(command), sizeof command - strlen(command), " --date 2017-08-22");
	ends(0, command);
	says("at least 10 accounts, from at least 4 independent ways");
	says("the one that was asked for");
	ends(0, "claim draft --desk-id $DESK --out text2 --secrets secrets2 --date 2017-08-22 "
	    "--published out/claims draft");
	says("of the same place: at least 10 before 2017-05, now at least 10 before 2017-05");
}

static void
the_published_graph_is_computed_and_names_nobody(void **state)
{
	(void)state;
	publish();
	put_site();
	ends(0, BUILD);
	ends(0, "help >/dev/null; tr -d '\\n' < out/en/claims/held.html");
	says("first-hand origins</dt><dd>4</dd>");
	says("share nobody</dt><dd>4</dd>");
	says("Spokesman of the head of the republic: such people do not exist there");
	says("<svg");
	ends(1, "help >/dev/null; grep -rE 'HRW-K|NYT-M|RLN-C' out");
}

static void
a_site_shows_no_claim_that_its_visitors_could_not_check(void **state)
{
	(void)state;
	publish();
	put_site();
	ends(0, "help >/dev/null; sed -i s/^ways.4/ways\\ 5/ source/claims/held.claim");
	ends(2, BUILD);
	says("claims/held.claim");
	says("is not in the log of the site, or was altered since");
	put_site();
	ends(2, "site build source out --date 2018-08-22 --no-pictures --assets assets");
	says("past its last day");
	ends(2, BUILD " --desk "
	    "https://r.example/d/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/");
	says("is no card of that desk");
	ends(2, "help >/dev/null; rm source/desk.card; exec " CAIRN " " BUILD);
	says("desk.card");
	put_site();
	ends(2, "help >/dev/null; mv source/claims/held.json source/claims/other.json; exec " CAIRN " " BUILD);
	says("a NAME.claim goes with a NAME.json");
}

/* Nothing in the sources is another but the proof. */
static void
another_proof_makes_the_claims_page_anew(void **state)
{
	(void)state;
	publish();
	put_site();
	ends(0, BUILD);
	ends(0, "help >/dev/null; rm text secrets one two claim && sed -i 's/held in secret/held in cellars/' draft");
	publish();
	put_site();
	ends(0, BUILD);
	ends(0, "help >/dev/null; cat out/en/claims/held.html");
	says("Men were held in cellars and tortured");
}

/* A claim of what others said, without a graph of who relies on whom. */
static void
a_claim_without_figures_says_from_when_it_is(void **state)
{
	(void)state;
	publish();
	put_site();
	ends(0, "help >/dev/null; rm source/claims/held.claim source/desk.card && printf '%s' '{\"title\":\"Held\","
	    "\"statement\":\"So say two.\",\"before\":\"2017-08-01\",\"sources\":[]}' > source/claims/held.json");
	ends(0, BUILD);
	ends(0, "help >/dev/null; cat out/en/claims/held.html");
	says("So say two.");
	says("<dd>1 August 2017</dd>");
	ends(1, "help >/dev/null; grep 'published sources' out/en/claims/held.html");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(accounts_become_a_public_claim, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_claim_says_nothing_of_its_accounts, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(too_few_accounts_are_held_back, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(what_is_public_already_is_shown_beside, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_claim_that_was_altered_is_refused_in_plain_words, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_court_is_shown_chosen_accounts_and_nobody_else, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_site_key_that_the_card_does_not_name_publishes_nothing, set_up,
	    tear_down),
	    cmocka_unit_test_setup_teardown(a_visitor_checks_the_claim_by_the_command_of_its_page, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(the_published_graph_is_computed_and_names_nobody, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_site_shows_no_claim_that_its_visitors_could_not_check, set_up,
	    tear_down),
	    cmocka_unit_test_setup_teardown(another_proof_makes_the_claims_page_anew, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_claim_without_figures_says_from_when_it_is, set_up, tear_down),
	};

	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
