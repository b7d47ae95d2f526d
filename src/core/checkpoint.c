// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "base/text.h"
#include "cairn/tlog.h"
#include "core/note.h"

/* "cairn <hour> <card> <days> <epochs>": the hashes of the three files as they are served. */
static int
extension_read(struct cairn_checkpoint *checkpoint, struct cairn_span value)
{
	struct cairn_span words[4];
	uint64_t hour = 0;

	if (note_words(words, 4, value) != CAIRN_OK || text_number(&hour, words[0], UINT32_MAX) != CAIRN_OK ||
	    note_key(checkpoint->card_hash, words[1]) != CAIRN_OK ||
	    note_key(checkpoint->days_hash, words[2]) != CAIRN_OK ||
	    note_key(checkpoint->epochs_hash, words[3]) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	checkpoint->hour = (uint32_t)hour;
	return CAIRN_OK;
}

static int
text_read(struct cairn_checkpoint *checkpoint, struct cairn_span rest, struct cairn_span origin)
{
	struct cairn_span name, size, root, extension;

	if (!note_take_line(&name, &rest) || !span_same(name, origin) || !note_take_line(&size, &rest) ||
	    text_number(&checkpoint->size, size, CAIRN_TREE_SIZE_MAX) != CAIRN_OK ||
	    !note_take_line(&root, &rest) || note_key(checkpoint->root, root) != CAIRN_OK ||
	    !note_take(&extension, &rest, "cairn") || extension_read(checkpoint, extension) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	return rest.size > 0 ? CAIRN_ERR_FORMAT : CAIRN_OK;
}

int
cairn_checkpoint_read(struct cairn_checkpoint *checkpoint, struct cairn_span text, struct cairn_span origin)
{
	int err;

	memset(checkpoint, 0, sizeof *checkpoint);
	checkpoint->text = text;
	err = text_read(checkpoint, text, origin);
	if (err != CAIRN_OK)
		memset(checkpoint, 0, sizeof *checkpoint);
	return err;
}

int
cairn_checkpoint_open(struct cairn_checkpoint *checkpoint, uint64_t *signed_by, const void *bytes,
    size_t size, const struct cairn_note_key *keys, size_t count)
{
	struct cairn_note note;
	uint64_t found = 0;
	int err = cairn_note_read(&note, bytes, size);

	memset(checkpoint, 0, sizeof *checkpoint);
	if (signed_by != NULL)
		*signed_by = 0;
	if (err == CAIRN_OK)
		err = cairn_note_verify(&found, NULL, &note, keys, count);
	if (err == CAIRN_OK && (found & 1) == 0)
		err = CAIRN_ERR_CRYPTO;
	if (err == CAIRN_OK)
		err = cairn_checkpoint_read(checkpoint, note.text, keys[0].name);
	if (err == CAIRN_OK && signed_by != NULL)
		*signed_by = found;
	return err;
}

int
cairn_checkpoint_sign(uint8_t *out, size_t room, size_t *ret_bytes, const struct cairn_checkpoint *checkpoint,
    struct cairn_span origin, const uint8_t secret[64])
{
	const uint8_t *hashes[] = {checkpoint->card_hash, checkpoint->days_hash, checkpoint->epochs_hash};
	struct writer w;

	if (checkpoint->size > CAIRN_TREE_SIZE_MAX)
		return CAIRN_ERR_RANGE;
	writer_init(&w, out, room);
	write_bytes(&w, origin.text, origin.size);
	write_text(&w, "\n");
	write_decimal(&w, checkpoint->size);
	write_text(&w, "\n");
	write_base64(&w, checkpoint->root, sizeof checkpoint->root);
	write_text(&w, "\ncairn ");
	write_decimal(&w, checkpoint->hour);
	for (size_t i = 0; i < sizeof hashes / sizeof hashes[0]; i++) {
		write_text(&w, " ");
		write_base64(&w, hashes[i], CAIRN_SHA256_BYTES);
	}
	write_text(&w, "\n");
	return note_seal(&w, ret_bytes, origin, secret);
}
