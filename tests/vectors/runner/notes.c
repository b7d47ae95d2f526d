// SPDX-License-Identifier: GPL-3.0-or-later
#include "run.h"

/* checkpoints, identity, epochs, roster. The card has a file of its own. */

static struct cairn_span
board_name(struct run *r)
{
	return cairn_key_name(row_alloc(r, CAIRN_KEY_NAME_BYTES), r->desk.id, "board");
}

/* The board key and the one witness, by their verifier keys. */
static void
checkpoint_keys(struct run *r, struct cairn_note_key keys[2])
{
	const json_t *witness = file_member(r, "checkpoints", "witness");

	expect_ok(r, cairn_note_vkey_read(&keys[0],
	    field_text(r, json_object_get(r->file, "checkpoints"), "vkey")), "the board's verifier key");
	expect_ok(r, cairn_note_vkey_read(&keys[1], field_text(r, witness, "vkey")),
	    "the witness's verifier key");
}

static void
expect_vkey(struct run *r, const struct cairn_note_key *key, struct cairn_span want)
{
	char *out = row_alloc(r, 1024);

	expect_ok(r, cairn_note_vkey_write(out, 1024, key), "a verifier key that can be written");
	expect_bytes(r, "vkey", out, strlen(out), text_bytes(want));
}

static void
board_vkey(struct run *r, const json_t *value)
{
	struct cairn_note_key key = {.name = board_name(r), .type = CAIRN_KEY_ED25519};

	memcpy(key.key, r->desk.board_key, sizeof(key.key));
	expect_vkey(r, &key, (struct cairn_span){json_string_value(value), json_string_length(value)});
}

static void
witness_vkey(struct run *r, const json_t *value)
{
	struct cairn_note_key key = {.name = field_text(r, value, "name"), .type = CAIRN_KEY_COSIGNATURE};
	uint8_t secret[64];

	crypto_sign_seed_keypair(key.key, secret, field_hex_of(r, value, "seed", 32));
	expect_vkey(r, &key, field_text(r, value, "vkey"));
}

static void
check_fields(struct run *r, const json_t *row, const struct cairn_checkpoint *got)
{
	expect(r, got->size == field_number(r, row, "size", CAIRN_TREE_SIZE_MAX), "the size");
	expect(r, got->hour == field_number(r, row, "hour", UINT32_MAX), "the hour");
	expect_bytes(r, "root", got->root, 32, field_hex(r, row, "root"));
	expect_bytes(r, "cardHash", got->card_hash, 32, field_hex(r, row, "cardHash"));
	expect_bytes(r, "daysHash", got->days_hash, 32, field_hex(r, row, "daysHash"));
	expect_bytes(r, "epochsHash", got->epochs_hash, 32, field_hex(r, row, "epochsHash"));
}

static void
check_witnesses(struct run *r, const json_t *row, uint64_t signed_by)
{
	const json_t *names = field(r, row, "witnesses");
	const struct cairn_span name = field_text(r, file_member(r, "checkpoints", "witness"), "name");
	bool want = false;

	for (size_t i = 0; i < json_array_size(names); i++)
		want |= json_string_length(json_array_get(names, i)) == name.size &&
		    memcmp(json_string_value(json_array_get(names, i)), name.text, name.size) == 0;
	expect(r, json_array_size(names) == (want ? 1 : 0), "no witness that is not known");
	expect(r, signed_by == (want ? 3 : 1), "%s", want ? "the board and the witness to have signed"
	                                                  : "the board alone to have signed");
}

static size_t
signature_lines(struct cairn_span note)
{
	const char *at = memmem(note.text, note.size, "\n\n", 2);
	size_t lines = 0;

	for (const char *p = at + 2; at != NULL && p < note.text + note.size; p++)
		lines += *p == '\n';
	return lines;
}

/* Every line that signing makes stands in the note; where nobody else signed, the note is the same. */
static void
check_signing(struct run *r, const json_t *row, const struct cairn_checkpoint *checkpoint, uint64_t signed_by)
{
	const json_t *witness = file_member(r, "checkpoints", "witness");
	const struct cairn_span note = field_text(r, row, "note");
	const struct cairn_span origin = board_name(r);
	uint8_t *made = row_alloc(r, 4096);
	uint8_t key[32], secret[64];
	size_t size = 0, alone;

	expect_ok(r, cairn_checkpoint_sign(made, 4096, &size, checkpoint, origin, r->desk.board_secret),
	    "a checkpoint that can be signed");
	alone = size;
	if ((signed_by & 2) != 0) {
		crypto_sign_seed_keypair(key, secret, field_hex_of(r, witness, "seed", 32));
		expect_ok(r, cairn_note_cosign(made, 4096, &size, field_text(r, witness, "name"),
		    field_number(r, witness, "time", INT64_MAX), secret), "a cosignature");
	}
	if (signature_lines(note) == (signed_by == 3 ? 2 : 1))
		expect_bytes(r, "note", made, size, text_bytes(note));
	else
		expect_bytes(r, "text", made, checkpoint->text.size,
		    (struct bytes){(const uint8_t *)note.text, checkpoint->text.size});
	expect(r, memmem(note.text, note.size, made + checkpoint->text.size + 1,
	    alone - checkpoint->text.size - 1) != NULL, "the board's signature line");
}

static void
checkpoint_ok(struct run *r, const json_t *row)
{
	const struct cairn_span note = field_text(r, row, "note");
	struct cairn_checkpoint checkpoint;
	struct cairn_note_key keys[2];
	uint64_t signed_by = 0;

	checkpoint_keys(r, keys);
	expect_ok(r, cairn_checkpoint_open(&checkpoint, &signed_by, note.text, note.size, keys, 2),
	    "a checkpoint that opens");
	check_fields(r, row, &checkpoint);
	check_witnesses(r, row, signed_by);
	check_signing(r, row, &checkpoint, signed_by);
}

static void
checkpoint_refuse(struct run *r, const json_t *row)
{
	const struct bytes note = field_base64(r, row, "note_b64");
	struct cairn_checkpoint checkpoint;
	struct cairn_note_key keys[2];

	checkpoint_keys(r, keys);
	expect(r, cairn_checkpoint_open(&checkpoint, NULL, note.at, note.size, keys, 2) != CAIRN_OK, "refused");
}

static const struct member checkpoints[] = {
	{"vkey", MEMBER_ONE, board_vkey}, {"witness", MEMBER_ONE, witness_vkey},
	{"ok", MEMBER_ROWS, checkpoint_ok}, {"refuse", MEMBER_ROWS, checkpoint_refuse},
};
const struct section section_checkpoints = SECTION("checkpoints", checkpoints);

static int
read_identity(struct run *r, const json_t *row, struct bytes file)
{
	const uint8_t *key = field_hex_of(r, row, "identity_key", 32);
	const uint8_t *carried = NULL;
	struct cairn_identity_chain chain;
	int err;

	if (!field_null(r, row, "carried_key"))
		carried = field_hex_of(r, row, "carried_key", 32);
	err = cairn_identity_read(&chain, file.at, file.size, r->desk.id, carried);
	return err != CAIRN_OK ? err : cairn_identity_is(&chain, r->desk.id, key);
}

static void
identity_ok(struct run *r, const json_t *row)
{
	expect_ok(r, read_identity(r, row, text_bytes(field_text(r, row, "chain"))), "the key in force");
}

static void
identity_refuse(struct run *r, const json_t *row)
{
	expect(r, read_identity(r, row, field_base64(r, row, "chain_b64")) != CAIRN_OK, "refused");
}

static const struct member identity[] = {
	{"ok", MEMBER_ROWS, identity_ok}, {"refuse", MEMBER_ROWS, identity_refuse},
};
const struct section section_identity = SECTION("identity", identity);

static struct cairn_epoch
field_epoch(struct run *r, const json_t *row)
{
	struct cairn_epoch epoch = {.door = field_door(r, row),
	    .gen = (uint16_t)field_number(r, row, "gen", UINT16_MAX),
	    .day = (uint32_t)field_number(r, row, "day", UINT32_MAX)};

	memcpy(epoch.key_hash, field_hex_of(r, row, "sha256", CAIRN_SHA256_BYTES), CAIRN_SHA256_BYTES);
	return epoch;
}

static bool
same_epoch(const struct cairn_epoch *a, const struct cairn_epoch *b)
{
	return a->door == b->door && a->gen == b->gen && a->day == b->day &&
	    memcmp(a->key_hash, b->key_hash, sizeof(a->key_hash)) == 0;
}

/* The lines of the list are the row's; gives them. */
static struct cairn_epoch *
check_epochs(struct run *r, const json_t *rows, const struct cairn_epochs *epochs)
{
	struct cairn_epoch *all = row_alloc(r, json_array_size(rows) * sizeof(*all));
	struct cairn_epoch got;
	size_t at = 0;

	for (size_t i = 0; i < json_array_size(rows); i++) {
		all[i] = field_epoch(r, json_array_get(rows, i));
		expect(r, cairn_epochs_next(epochs, &at, &got) && same_epoch(&got, &all[i]), "epoch %zu", i);
		expect_ok(r, cairn_epochs_find(&got, epochs, all[i].door, all[i].day), "an epoch of that day");
		expect(r, same_epoch(&got, &all[i]), "epoch %zu found by door and day", i);
	}
	expect(r, !cairn_epochs_next(epochs, &at, &got), "no more than %zu epochs", json_array_size(rows));
	return all;
}

static void
epochs_ok(struct run *r, const json_t *row)
{
	const struct bytes note = text_bytes(field_text(r, row, "note"));
	const json_t *rows = field(r, row, "epochs");
	uint8_t *made = row_alloc(r, CAIRN_NOTE_BYTES_MAX);
	uint8_t hash[CAIRN_SHA256_BYTES];
	struct cairn_epochs epochs;
	size_t size = 0;

	expect_ok(r, cairn_epochs_open(&epochs, note.at, note.size, r->desk.id, r->desk.board_key),
	    "a list that opens");
	expect(r, epochs.hour == field_number(r, row, "hour", UINT32_MAX), "the hour");
	expect_ok(r, cairn_epochs_write(made, CAIRN_NOTE_BYTES_MAX, &size, r->desk.id, epochs.hour,
	    check_epochs(r, rows, &epochs), json_array_size(rows), r->desk.board_secret),
	    "a list that can be signed");
	expect_bytes(r, "note", made, size, note);
	crypto_hash_sha256(hash, note.at, note.size);
	expect_bytes(r, "sha256", hash, sizeof(hash), field_hex(r, row, "sha256"));
}

static void
epochs_refuse(struct run *r, const json_t *row)
{
	const struct bytes note = field_base64(r, row, "note_b64");
	struct cairn_epochs epochs;

	expect(r, cairn_epochs_open(&epochs, note.at, note.size, r->desk.id, r->desk.board_key) != CAIRN_OK,
	    "refused");
}

static void
epochs_refuse_key(struct run *r, const json_t *row)
{
	const struct cairn_epoch epoch = field_epoch(r, field(r, row, "epoch"));
	const struct bytes key = field_base64(r, row, "public_key_b64");

	expect(r, cairn_epoch_key_check(&epoch, key.at, key.size) != CAIRN_OK, "refused");
}

static const struct member epochs[] = {
	{"ok", MEMBER_ROWS, epochs_ok}, {"refuse", MEMBER_ROWS, epochs_refuse},
	{"refuse_keys", MEMBER_ROWS, epochs_refuse_key},
};
const struct section section_epochs = SECTION("epochs", epochs);

static void
check_roles(struct run *r, const json_t *row, const struct cairn_device *device)
{
	const json_t *roles = field(r, row, "roles");
	size_t length = json_array_size(roles) > 0 ? json_array_size(roles) - 1 : 0;

	for (size_t i = 0; i < json_array_size(roles); i++) {
		const char *role = json_string_value(json_array_get(roles, i));

		expect(r, role != NULL && cairn_device_has_role(device, role), "role %zu", i);
		length += strlen(role);
	}
	expect(r, device->roles.size == length, "no other role");
	expect(r, !cairn_device_has_role(device, "") && !cairn_device_has_role(device, "inta"), "whole roles");
}

static void
check_device(struct run *r, const json_t *row, const struct cairn_roster *roster,
    const struct cairn_device *device)
{
	const uint32_t until = field_null(r, row, "until") ? UINT32_MAX
	                                                   : (uint32_t)field_number(r, row, "until", UINT32_MAX);
	struct cairn_device found;

	expect_bytes(r, "id", device->id, sizeof(device->id), field_hex(r, row, "id"));
	expect_bytes(r, "key", device->sign_key, 32, field_hex(r, row, "key"));
	expect_bytes(r, "xwingHash", device->xwing_hash, 32, field_hex(r, row, "xwingHash"));
	expect(r, device->since == field_number(r, row, "since", UINT32_MAX), "since");
	expect(r, device->until == until, "until");
	check_roles(r, row, device);
	expect_ok(r, cairn_roster_find(&found, roster, device->id, device->since), "the device on its first day");
	expect_ok(r, cairn_roster_find(&found, roster, device->id, until), "the device on its last day");
	expect(r, until == UINT32_MAX || cairn_roster_find(&found, roster, device->id, until + 1) != CAIRN_OK,
	    "no device after its last day");
}

static void
roster_ok(struct run *r, const json_t *row)
{
	const struct cairn_span note = field_text(r, row, "note");
	const json_t *devices = field(r, row, "devices");
	struct cairn_roster roster;
	struct cairn_device device;
	size_t at = 0;

	expect_ok(r, cairn_roster_open(&roster, note.text, note.size, r->desk.id, r->desk.identity_key,
	    field_number(r, row, "last_serial", INT64_MAX)), "a roster that opens");
	expect(r, roster.serial == field_number(r, row, "serial", INT64_MAX), "the serial");
	for (size_t i = 0; i < json_array_size(devices); i++) {
		expect(r, cairn_roster_next(&roster, &at, &device), "device %zu", i);
		check_device(r, json_array_get(devices, i), &roster, &device);
	}
	expect(r, !cairn_roster_next(&roster, &at, &device), "no more than %zu devices",
	    json_array_size(devices));
}

static void
roster_refuse(struct run *r, const json_t *row)
{
	const struct bytes note = field_base64(r, row, "note_b64");
	struct cairn_roster roster;

	expect(r, cairn_roster_open(&roster, note.at, note.size, r->desk.id, r->desk.identity_key,
	    field_number(r, row, "last_serial", INT64_MAX)) != CAIRN_OK, "refused");
}

static const struct member roster[] = {
	{"ok", MEMBER_ROWS, roster_ok}, {"refuse", MEMBER_ROWS, roster_refuse},
};
const struct section section_roster = SECTION("roster", roster);
