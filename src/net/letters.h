// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_NET_LETTERS_H
#define CAIRN_NET_LETTERS_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/send.h"

/*
 * Packs what a person says into as few cells as hold it: records in the order they are put, those that may stand once
 * first; a long text is cut into parts. Secret.
 */
struct letters {
	struct cairn_letter list[CAIRN_SEND_CELLS_MAX];
	size_t count;
	struct cairn_tlv_writer w; /* into the last one */
	int err;                   /* of the first call that failed */
	uint8_t seed[32];          /* all that is random in them comes of it */
	uint64_t draws;
};

/* Bytes of text that surely fit beside a few other records. */
#define LETTERS_TEXT_MAX 262144U

/* Everything zero before. */
void letters_begin(struct letters *l);
/*
 * The same with 32 random bytes that the caller keeps: the same seed and the same records give the same
 * letters, which
 * the desk takes once, however often they come.
 */
void letters_begin_seeded(struct letters *l, const uint8_t seed[32]);
void letters_put(struct letters *l, uint16_t type, const void *value, size_t bytes);
void letters_put_numbered(struct letters *l, uint16_t type, uint16_t id, const char *text, size_t bytes);
/* Well-formed UTF-8, up to LETTERS_TEXT_MAX bytes; nothing is put for none. */
void letters_text(struct letters *l, const char *text, size_t bytes);

/*
 * CAIRN_OK, or the first error: CAIRN_ERR_SPACE too much for CAIRN_SEND_CELLS_MAX cells, CAIRN_ERR_RANGE a value of a
 * wrong length. CAIRN_ERR_FORMAT: something that the desk would refuse. day is the client's.
 */
CAIRN_NODISCARD int letters_end(struct letters *l, uint32_t day);

#endif
