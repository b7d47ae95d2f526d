// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CORE_NOTE_H
#define CAIRN_CORE_NOTE_H

#include "base/writer.h"
#include "cairn/note.h"

/*
 * Ends a note: what w holds so far is its text, behind it go the empty line and the signature. For those who write
 * the text into the room of the note itself. CAIRN_ERR_FORMAT: no note's text, or no name.
 */
CAIRN_NODISCARD int note_seal(struct writer *w, size_t *ret_bytes, struct cairn_span name,
    const uint8_t secret[64]);

/* "<keyword> <value>": the value, or false. */
bool note_line(struct cairn_span *value, struct cairn_span line, const char *keyword);

/* Exactly 32 bytes in canonical base64. */
CAIRN_NODISCARD int note_key(uint8_t out[32], struct cairn_span text);

/* Takes the first line of *rest off, without its newline. False at the end. */
bool note_take_line(struct cairn_span *line, struct cairn_span *rest);

/* Takes "<keyword> <value>" off; false, and *rest as it was, where another line or none comes next. */
bool note_take(struct cairn_span *value, struct cairn_span *rest, const char *keyword);

/* Takes the two lines that begin every text of a desk: what it is, and "desk <desk_id>". */
CAIRN_NODISCARD int note_take_head(struct cairn_span *rest, const char *title,
    const uint8_t desk_id[CAIRN_HASH_BYTES]);
void note_write_head(struct writer *w, const char *title, const uint8_t desk_id[CAIRN_HASH_BYTES]);

/* Splits value at its spaces into exactly count words, none of them empty. */
CAIRN_NODISCARD int note_words(struct cairn_span *words, size_t count, struct cairn_span value);

#endif
