// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BASE_FOLD_H
#define CAIRN_BASE_FOLD_H

#include <stddef.h>

#include "cairn/err.h"
#include "cairn/span.h"

/*
 * What a person typed, in NFKC and then in lower case, as cairn_passphrase_words() wants it. The same as
 * text.normalize('NFKC').toLowerCase() in a browser. Native alone: link with fold_dep.
 */

#define FOLD_TEXT_MAX 512U
#define FOLD_ROOM 1536U /* is always enough for words; what needs more is no passphrase */

/*
 * Writes *ret_bytes bytes of UTF-8 to out[room], without a zero. Text is secret: nothing of it is left
 * outside out. On failure out is zeros. CAIRN_ERR_RANGE: longer than FOLD_TEXT_MAX; CAIRN_ERR_FORMAT: not
 * UTF-8; CAIRN_ERR_SPACE: room is too small.
 */
CAIRN_NODISCARD int fold_text(char *out, size_t room, size_t *ret_bytes, struct cairn_span text);

#endif
