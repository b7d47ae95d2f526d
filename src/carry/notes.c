// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/notes.h"

#include <stdlib.h>
#include <string.h>

int
carry_note_get(struct carry *carry, const char *name, uint8_t **ret, size_t *ret_bytes, uint64_t *ret_serial)
{
	struct query q = carry_query(carry, CARRY_NOTE_GET);
	struct cairn_span bytes;

	*ret = NULL;
	*ret_bytes = 0;
	*ret_serial = 0;
	bind_text(&q, (struct cairn_span){name, strlen(name)});
	if (query_row(&q)) {
		bytes = query_span(&q, 0);
		*ret = malloc(bytes.size + 1);
		if (*ret == NULL)
			q.err = CAIRN_ERR_NOMEM;
		else if (bytes.size > 0)
			memcpy(*ret, bytes.text, bytes.size);
		*ret_bytes = bytes.size;
		*ret_serial = query_int(&q, 1);
	}
	return query_end(&q);
}

int
carry_note_serial(struct carry *carry, const char *name, uint64_t *ret_serial)
{
	uint8_t *bytes;
	size_t size;
	int err = carry_note_get(carry, name, &bytes, &size, ret_serial);

	free(bytes);
	return err;
}

int
carry_note_put(struct carry *carry, const char *name, struct cairn_span bytes, uint64_t serial)
{
	struct query q = carry_query(carry, CARRY_NOTE_PUT);

	bind_text(&q, (struct cairn_span){name, strlen(name)});
	bind_bytes(&q, bytes.text, bytes.size);
	bind_int(&q, serial);
	return query_run(&q);
}
