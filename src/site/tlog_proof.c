// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/tlog_proof.h"

#include <string.h>

#include "base/text.h"
#include "core/note.h"

static int
extra_check(struct cairn_span extra)
{
	uint8_t bytes[TLOG_PROOF_EXTRA_MAX];
	size_t size = 0;

	return text_base64(bytes, sizeof bytes, &size, extra);
}

static int
hashes_read(struct tlog_proof *proof, struct cairn_span *rest)
{
	struct cairn_span line;

	while (note_take_line(&line, rest)) {
		if (line.size == 0)
			return CAIRN_OK;
		if (proof->count == CAIRN_PROOF_HASHES_MAX || note_key(proof->hashes[proof->count], line) != CAIRN_OK)
			return CAIRN_ERR_FORMAT;
		proof->count++;
	}
	return CAIRN_ERR_FORMAT;
}

static int
text_read(struct tlog_proof *proof, struct cairn_span rest)
{
	struct cairn_span line, value;

	if (!note_take_line(&line, &rest) || !span_is(line, TLOG_PROOF_TITLE))
		return CAIRN_ERR_FORMAT;
	if (note_take(&value, &rest, "extra")) {
		if (extra_check(value) != CAIRN_OK)
			return CAIRN_ERR_FORMAT;
		proof->extra = value;
	}
	if (!note_take(&value, &rest, "index") ||
	    text_number(&proof->index, value, CAIRN_TREE_SIZE_MAX) != CAIRN_OK ||
	    hashes_read(proof, &rest) != CAIRN_OK || rest.size == 0)
		return CAIRN_ERR_FORMAT;
	proof->checkpoint = rest;
	return CAIRN_OK;
}

int
tlog_proof_read(struct tlog_proof *proof, struct cairn_span text)
{
	int err;

	memset(proof, 0, sizeof *proof);
	err = text_read(proof, text);
	if (err != CAIRN_OK)
		memset(proof, 0, sizeof *proof);
	return err;
}

void
tlog_proof_write(struct writer *w, const struct tlog_proof *proof)
{
	write_text(w, TLOG_PROOF_TITLE "\nindex ");
	write_decimal(w, proof->index);
	write_text(w, "\n");
	for (size_t i = 0; i < proof->count; i++) {
		write_base64(w, proof->hashes[i], 32);
		write_text(w, "\n");
	}
	write_text(w, "\n");
	write_bytes(w, proof->checkpoint.text, proof->checkpoint.size);
}
