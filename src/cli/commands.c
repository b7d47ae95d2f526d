// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/commands.h"

#include <string.h>

#include "cli/command.h"

#define COMMAND(name, call, help, args, least, most) \
	{name, cmd_##call, help, args, least, most, &call##_options}

/* One line a command, in the order of the help. */
const struct command commands[] = {
    COMMAND("person new", person_new, "make a new passphrase and show it", "", 0, 0),
    COMMAND("person write", person_write, "write to a desk", "", 0, 0),
    COMMAND("person look", person_look, "look whether the desk has answered", "", 0, 0),
    COMMAND("person attach", person_attach, "send a file of up to 50 MiB to a desk", "FILE", 1, 1),
    COMMAND("desk init", desk_init, "make a desk", "RELAY-KEY", 1, 1),
    COMMAND("desk card", desk_card, "show or renew the desk's card or roster", "", 0, 0),
    COMMAND("desk open", desk_open, "open the desk: collect, publish, keep the keys in step", "", 0, 0),
    COMMAND("desk collect", desk_collect, "empty the drop now", "", 0, 0),
    COMMAND("desk inbox", desk_inbox, "who waits, and for how long", "", 0, 0),
    COMMAND("desk read", desk_read, "show a conversation", "CONVERSATION", 1, 1),
    COMMAND("desk reply", desk_reply, "queue an answer", "CONVERSATION", 1, 1),
    COMMAND("desk file", desk_file, "hand out a file of a conversation", "CONVERSATION NUMBER", 2, 2),
    COMMAND("desk publish", desk_publish, "append a batch to the board now", "", 0, 0),
    COMMAND("desk vault", desk_vault, "how full the vault is, and whether it is whole", "", 0, 0),
    COMMAND("desk grow", desk_grow, "move the desk into a vault of another size", "", 0, 0),
    COMMAND("desk backup", desk_backup, "copy what the desk knows, without keys that can be erased", "", 0, 0),
    COMMAND("desk restore", desk_restore, "make a vault out of a backup", "BACKUP", 1, 1),
    COMMAND("desk passphrase", desk_passphrase, "change the vault's passphrase", "", 0, 0),
    COMMAND("desk token", desk_token, "add a FIDO2 token as second factor of the vault, or remove it", "", 0, 0),
    COMMAND("desk seed-cover", desk_seed_cover, "give a second desk the conversations that a file tells", "FILE", 1,
	1),
    COMMAND("desk page", desk_page, "make the page as a single file, for a USB stick or a mirror", "", 0, 0),
    COMMAND("desk admit", desk_admit, "admit another device: shows a code, then digits to compare", "", 0, 0),
    COMMAND("desk join", desk_join, "make this device one of a desk's", "[ADDRESS RELAY-KEY]", 0, 2),
    COMMAND("desk sync", desk_sync, "read what the others said, send what waits", "", 0, 0),
    COMMAND("desk devices", desk_devices, "the desk's devices, and how far this one has read", "", 0, 0),
    COMMAND("desk exposure", desk_exposure, "what whoever takes a device or a person would know",
	"[DEVICE-OR-PERSON]", 0, 1),
    COMMAND("desk captured", desk_captured, "a device or a person was taken: two security devices say it",
	"[DEVICE-OR-PERSON]", 0, 1),
    COMMAND("desk tasks", desk_tasks, "what is to be done because of it", "", 0, 0),
    COMMAND("desk roles", desk_roles, "give a device other roles, with two shares", "DEVICE ROLES", 2, 2),
    COMMAND("desk shares", desk_shares, "make three new shares of the identity key, with two", "", 0, 0),
    COMMAND("desk lost", desk_lost, "take a device off the roster for good, with two shares", "DEVICE", 1, 1),
    COMMAND("desk ask", desk_ask, "ask the others for consent: to open, to destroy", "WHAT [CASE COMPARTMENT]", 1, 3),
    COMMAND("desk consent", desk_consent, "what the others ask, and consenting to it", "[ASK]", 0, 1),
    COMMAND("desk retention", desk_retention, "what is destroyed when, and what holds the time", "", 0, 0),
    COMMAND("desk publisher", desk_publisher, "which device publishes, stopping, and handing over", "[DEVICE]", 0, 1),
    COMMAND("case list", case_list, "the cases that this device knows of, and who is in them", "", 0, 0),
    COMMAND("case new", case_new, "begin a case with a first contact", "ALIAS", 1, 1),
    COMMAND("case show", case_show, "what is known of a case, as far as this device may read it",
	"CASE [COMPARTMENT]", 1, 2),
    COMMAND("case open", case_open, "open a compartment: plan, leg, stay, medical, ...", "CASE KIND", 2, 2),
    COMMAND("case set", case_set, "set a field", "CASE COMPARTMENT FIELD", 3, 3),
    COMMAND("case add", case_add, "add to a set", "CASE COMPARTMENT FIELD", 3, 3),
    COMMAND("case drop", case_drop, "take something out of a set", "CASE COMPARTMENT ITEM", 3, 3),
    COMMAND("case note", case_note, "add a note, which stays", "CASE COMPARTMENT", 2, 2),
    COMMAND("case retract", case_retract, "mark something as taken back", "CASE COMPARTMENT ITEM", 3, 3),
    COMMAND("case member", case_member, "let a device in, or take it out", "CASE COMPARTMENT DEVICE", 3, 3),
    COMMAND("case close", case_close, "an officer marks it as over: its time runs", "CASE [COMPARTMENT]", 1, 2),
    COMMAND("case reopen", case_reopen, "take those marks back", "CASE [COMPARTMENT]", 1, 2),
    COMMAND("case state", case_state, "how it stands: open, silent, captured, ...", "CASE STATE", 2, 2),
    COMMAND("case destroy", case_destroy, "destroy a compartment now, after another's consent", "CASE COMPARTMENT", 2,
	2),
    COMMAND("record new", record_new, "enter an event, an act, a person, an account, ...", "KIND", 1, 1),
    COMMAND("record show", record_show, "show what is known of it", "CODE", 1, 1),
    COMMAND("record list", record_list, "what this device has", "[KIND]", 0, 1),
    COMMAND("record search", record_search, "look for a text in all that this device has", "[KIND]", 0, 1),
    COMMAND("record set", record_set, "change fields, or who may see them", "CODE", 1, 1),
    COMMAND("record note", record_note, "add a comment, which stays", "CODE", 1, 1),
    COMMAND("record retract", record_retract, "mark something as taken back", "CODE", 1, 1),
    COMMAND("record fields", record_fields, "what can be entered", "[KIND]", 0, 1),
    COMMAND("record vocab", record_vocab, "the vocabularies and their terms", "[LIST]", 0, 1),
    COMMAND("record import", record_import, "take in a record, JSON or CSV", "FILE", 1, 1),
    COMMAND("record export", record_export, "give out what may leave, for a purpose", "", 0, 0),
    COMMAND("record bundle", record_bundle, "the same as a signed file for another desk", "", 0, 0),
    COMMAND("record open", record_open, "check another desk's bundle, and take it in", "FILE", 1, 1),
    COMMAND("record key", record_key, "the key that bundles for this device are sealed to", "", 0, 0),
    COMMAND("record verify", record_verify, "check the signatures of the record's operations", "", 0, 0),
    COMMAND("record independence", record_independence, "how far a claim's sources are apart", "FILE", 1, 1),
    COMMAND("evidence add", evidence_add, "take files in: hashed, sealed, never changed", "FILE...", 1, 64),
    COMMAND("evidence list", evidence_list, "what there is", "", 0, 0),
    COMMAND("evidence show", evidence_show, "an item and its custody log", "ITEM", 1, 1),
    COMMAND("evidence open", evidence_open, "give out the content of an item", "ITEM", 1, 1),
    COMMAND("evidence copy", evidence_copy, "make a working copy without metadata", "ITEM", 1, 1),
    COMMAND("evidence redact", evidence_redact, "make a copy in which regions are gone", "ITEM", 1, 1),
    COMMAND("evidence give", evidence_give, "note who has an item now", "ITEM", 1, 1),
    COMMAND("evidence authority", evidence_authority, "who time-stamps the logs while the desk is open", "", 0, 0),
    COMMAND("evidence stamp", evidence_stamp, "have the logs time-stamped, at a fixed pace", "", 0, 0),
    COMMAND("evidence export", evidence_export, "an item with its custody, for others to check", "ITEM", 1, 1),
    COMMAND("evidence erase", evidence_erase, "destroy an item's content; its log stays", "ITEM", 1, 1),
    COMMAND("site build", site_build, "make the public site out of a folder of sources", "SOURCE OUT", 2, 2),
    COMMAND("site post", site_post, "post an entry elsewhere, change it or delete it there", "ENTRY", 1, 1),
    COMMAND("site publish", site_publish, "enter a built site into its log", "OUT", 1, 1),
    COMMAND("site letters", site_letters, "comments and gatherings from the public that wait", "", 0, 0),
    COMMAND("site accept", site_accept, "put one of them into the sources", "NUMBER SOURCE", 2, 2),
    COMMAND("site refuse", site_refuse, "erase one of them", "NUMBER", 1, 1),
    COMMAND("site prove", site_prove, "check a commenter's home page, or whom an issuer names", "NUMBER [SOURCE]", 1,
	2),
    COMMAND("site issuer", site_issuer, "fetch an issuer's keys, which name commenters", "NAME SOURCE", 2, 2),
    COMMAND("petition take", petition_take, "take in and count what came to the campaign door", "SOURCE", 1, 1),
    COMMAND("petition list", petition_list, "the petitions, and how many signed", "", 0, 0),
    COMMAND("petition show", petition_show, "one of them, and who gave a name", "PETITION", 1, 1),
    COMMAND("petition write", petition_write, "send a code to each address that waits", "PETITION", 1, 1),
    COMMAND("petition confirm", petition_confirm, "take the codes that came back", "MAILBOX", 1, 1),
    COMMAND("petition publish", petition_publish, "put count and marks into the sources", "PETITION SOURCE", 2, 2),
    COMMAND("petition close", petition_close, "count nobody more; erase addresses and their key", "PETITION", 1, 1),
    COMMAND("claim draft", claim_draft, "make a claim for the public, and show what is against it", "DRAFT", 1, 1),
    COMMAND("claim approve", claim_approve, "agree that a claim is published, by this device", "FILE", 1, 1),
    COMMAND("claim publish", claim_publish, "enter a claim into the site's log", "FILE", 1, 1),
    COMMAND("claim open", claim_open, "open accounts of a claim to a court, and to nobody else", "CLAIM", 1, 1),
    COMMAND("claim key", claim_key, "make the key of a site, or of a court", "FILE", 1, 1),
    COMMAND("verify board", verify_board, "check a whole board, on a relay or in a folder", "[FOLDER]", 0, 1),
    COMMAND("verify card", verify_card, "check a desk's card", "FILE", 1, 1),
    COMMAND("verify claim", verify_claim, "check a published claim, without a network", "FILE", 1, 1),
    COMMAND("verify opening", verify_opening, "check what a desk opened to this court", "FILE", 1, 1),
    COMMAND("verify evidence", verify_evidence, "check a custody log, and the content with it", "BUNDLE", 1, 1),
    COMMAND("verify receipt", verify_receipt, "check a relay's receipts", "FILE", 1, 1),
    COMMAND("verify page", verify_page, "check that a single-file page is the desk's", "FILE", 1, 1),
    COMMAND("verify give", verify_give, "check that a site's ways to give are the desk's", "FILE", 1, 1),
    COMMAND("verify site", verify_site, "check a whole site by its manifest and log", "FOLDER-OR-URL", 1, 1),
    COMMAND("demo", demo, "the whole story on this machine: a person writes, a desk answers", "", 0, 0),
    {NULL, NULL, NULL, NULL, 0, 0, NULL},
};

/* Is name the first word, or the first two, of argv[1] and on? Returns how many words, 0 for no. */
static int
words_of(const char *name, int argc, char **argv)
{
	const char *space = strchr(name, ' ');
	size_t first = space == NULL ? strlen(name) : (size_t)(space - name);

	if (strlen(argv[1]) != first || memcmp(argv[1], name, first) != 0)
		return 0;
	if (space == NULL)
		return 1;
	return argc > 2 && strcmp(argv[2], space + 1) == 0 ? 2 : 0;
}

const struct command *
command_find(int argc, char **argv, int *ret_words)
{
	for (const struct command *c = commands; argc > 1 && c->name != NULL; c++) {
		*ret_words = words_of(c->name, argc, argv);
		if (*ret_words > 0)
			return c;
	}
	return NULL;
}
