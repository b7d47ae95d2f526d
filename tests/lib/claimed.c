// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/claimed.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/writer.h"

#define WITNESS "witness.example/w1"

static void
must(bool holds)
{
	if (!holds)
		abort();
}

static void
write_key(struct writer *w, const char *keyword, const uint8_t key[32])
{
	write_text(w, keyword);
	write_base64(w, key, 32);
	write_text(w, "\n");
}

static void
make_card(struct claimed *c)
{
	struct cairn_identity_chain chain;
	char text[2048] = {0}, hex[65];
	struct writer w;

	sodium_bin2hex(hex, sizeof hex, c->desk_id, 32);
	writer_init(&w, text, sizeof text - 1);
	write_text(&w, "cairn card 1\ndesk ");
	write_text(&w, hex);
	write_text(&w,
	    "\nserial 1\nnot-after 17450\nname North Bridge\nbatch 8\nmin-version 1\nlang en\ndoor intake\n");
	write_key(&w, "identity ", c->identity.key);
	write_key(&w, "board-key ", c->devices[CLAIMED_INTAKE].key);
	write_key(&w, "relay https://relay.example ", c->devices[CLAIMED_INTAKE].key);
	/* An older key of the site, and then the one in use. */
	write_key(&w, "site-key ", c->devices[CLAIMED_INTAKE].key);
	write_key(&w, "site-key ", c->site.key);
	write_key(&w, "witness " WITNESS " ", c->witness.key);
	must(writer_end(&w, NULL) == CAIRN_OK);
	must(sign_as(&c->card_note, text, &c->identity, c->desk_id, "identity") == CAIRN_OK);
	must(cairn_identity_read(&chain, "", 0, c->desk_id, NULL) == CAIRN_OK);
	must(cairn_card_open(&c->card, c->card_note.bytes, c->card_note.size, c->desk_id, &chain, CLAIMED_DAY,
	    NULL) ==
	    CAIRN_OK);
}

static void
make_roster(struct claimed *c)
{
	static const char *const roles[] = {"publish", "documentation", "security,publish", "intake"};
	char text[2048] = {0}, hex[65];
	struct writer w;

	sodium_bin2hex(hex, sizeof hex, c->desk_id, 32);
	writer_init(&w, text, sizeof text - 1);
	write_text(&w, "cairn roster 1\ndesk ");
	write_text(&w, hex);
	write_text(&w, "\nserial 1\n");
	for (size_t i = 0; i < CLAIMED_DEVICES; i++) {
		memset(c->ids[i], (int)(i + 1), sizeof c->ids[i]);
		write_text(&w, "device ");
		write_hex(&w, c->ids[i], sizeof c->ids[i]);
		write_text(&w, " ");
		write_base64(&w, c->devices[i].key, 32);
		write_text(&w, " ");
		write_text(&w, hex);
		write_text(&w, " ");
		write_text(&w, roles[i]);
		write_text(&w, " 17000 -\n");
	}
	must(writer_end(&w, NULL) == CAIRN_OK);
	must(sign_as(&c->roster_note, text, &c->identity, c->desk_id, "identity") == CAIRN_OK);
	must(cairn_roster_open(&c->roster, c->roster_note.bytes, c->roster_note.size, c->desk_id, c->identity.key,
	    0) ==
	    CAIRN_OK);
}

static void
make_claim(struct claimed *c, uint32_t accounts, size_t real)
{
	struct claim *claim = &c->claim;

	memcpy(claim->desk_id, c->desk_id, sizeof claim->desk_id);
	memset(claim->id, 7, sizeof claim->id);
	claim->day = CLAIMED_DAY;
	claim->accounts = accounts;
	claim->ways = 3;
	claim->before = span_of("2017-Q3");
	claim->place_level = CLAIM_REGION;
	claim->place = span_of("Chechnya");
	claim->saying_count = 2;
	claim->sayings[0] = (struct claim_saying){span_of("en"), span_of("Men were held in secret and tortured")};
	claim->sayings[1] = (struct claim_saying){span_of("ru"), span_of("\xd0\x9b\xd1\x8e\xd0\xb4\xd0\xb5\xd0\xb9")};
	memcpy(c->secrets.desk_id, c->desk_id, sizeof c->secrets.desk_id);
	memcpy(c->secrets.claim_id, claim->id, sizeof claim->id);
	c->secrets.count = real;
	for (size_t i = 0; i < real; i++) {
		(void)snprintf(c->secrets.items[i].code, CLAIM_CODE_BYTES, "A%zu", i);
		cairn_hash(c->secrets.items[i].account, &i, sizeof i);
	}
}

void
claimed_init(struct claimed *c, uint32_t accounts, size_t real)
{
	memset(c, 0, sizeof *c);
	signer_init(&c->identity, 1);
	signer_init(&c->site, 2);
	signer_init(&c->witness, 3);
	for (uint8_t i = 0; i < CLAIMED_DEVICES; i++)
		signer_init(&c->devices[i], (uint8_t)(10 + i));
	cairn_hash(c->desk_id, c->identity.key, 32);
	make_card(c);
	make_roster(c);
	make_claim(c, accounts, real);
	(void)snprintf(c->folder, sizeof c->folder, "/tmp/cairn-claimed-XXXXXX");
	must(mkdtemp(c->folder) != NULL);
	must(site_log_open(&c->log, c->folder, c->desk_id, c->site.key) == CAIRN_OK);
}

void
claimed_release(struct claimed *c)
{
	char command[128];

	site_log_close(&c->log);
	(void)snprintf(command, sizeof command, "rm -rf '%s'", c->folder);
	must(system(command) == 0);
}

void
claimed_write(struct claimed *c)
{
	static uint8_t commitments[CLAIM_COMMITMENTS_MAX][CLAIM_COMMITMENT_BYTES];

	must(claim_secrets_fill(&c->secrets, c->claim.accounts, commitments) == CAIRN_OK);
	must(claim_write((char *)c->note, sizeof c->note, &c->note_bytes, &c->claim,
	         (const uint8_t(*)[CLAIM_COMMITMENT_BYTES])commitments,
	    claim_commitments_of(c->claim.accounts)) == CAIRN_OK);
}

void
claimed_approve(struct claimed *c, enum claimed_device device)
{
	must(claim_approve(c->note, sizeof c->note, &c->note_bytes, c->desk_id, c->ids[device],
	         c->devices[device].secret) == CAIRN_OK);
}

void
claimed_publish(struct claimed *c)
{
	claimed_write(c);
	claimed_approve(c, CLAIMED_PUBLISHER);
	claimed_approve(c, CLAIMED_DOCUMENTALIST);
	must(claim_publish(&c->log, c->note, c->note_bytes, &c->roster, c->site.secret) == CAIRN_OK);
	must(claim_file_make(c->file, sizeof c->file, &c->file_bytes, &c->log, c->note, c->note_bytes) == CAIRN_OK);
}

void
claimed_witness(struct claimed *c)
{
	static uint8_t checkpoint[CAIRN_NOTE_BYTES_MAX];
	char name[CAIRN_KEY_NAME_BYTES];
	struct cairn_note_key key = {.name = cairn_key_name(name, c->desk_id, "site"), .type = CAIRN_KEY_ED25519};
	size_t bytes = c->log.checkpoint_bytes;

	memcpy(key.key, c->site.key, sizeof key.key);
	memcpy(checkpoint, c->log.checkpoint, bytes);
	must(cairn_note_cosign(checkpoint, sizeof checkpoint, &bytes, span_of(WITNESS), 1503400000,
	    c->witness.secret) ==
	    CAIRN_OK);
	must(site_log_cosigned(&c->log, checkpoint, bytes, &key, 1) == CAIRN_OK);
	must(claim_file_make(c->file, sizeof c->file, &c->file_bytes, &c->log, c->note, c->note_bytes) == CAIRN_OK);
}

int
claimed_check(const struct claimed *c, struct claim_check *found)
{
	return claim_check(found, (struct cairn_span){(const char *)c->file, c->file_bytes}, &c->card, c->desk_id,
	    &c->roster);
}
