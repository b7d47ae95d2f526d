// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/reader.h"

#include <string.h>

#include "base/bytes.h"

void
reader_init(struct reader *r, const void *bytes, size_t size)
{
	r->next = bytes;
	r->left = size;
	r->failed = false;
}

const uint8_t *
take_view(struct reader *r, size_t size)
{
	const uint8_t *view = r->next;

	if (r->failed || size > r->left) {
		r->failed = true;
		return NULL;
	}
	if (size > 0)
		r->next += size;
	r->left -= size;
	return view;
}

void
take_bytes(struct reader *r, void *out, size_t size)
{
	const uint8_t *view = take_view(r, size);

	if (size == 0)
		return;
	if (view == NULL)
		memset(out, 0, size);
	else
		memcpy(out, view, size);
}

void
take_u8(struct reader *r, uint8_t *out)
{
	const uint8_t *view = take_view(r, 1);

	*out = view == NULL ? 0 : view[0];
}

void
take_u16(struct reader *r, uint16_t *out)
{
	const uint8_t *view = take_view(r, 2);

	*out = view == NULL ? 0 : get_u16(view);
}

void
take_u32(struct reader *r, uint32_t *out)
{
	const uint8_t *view = take_view(r, 4);

	*out = view == NULL ? 0 : get_u32(view);
}

void
take_u64(struct reader *r, uint64_t *out)
{
	const uint8_t *view = take_view(r, 8);

	*out = view == NULL ? 0 : get_u64(view);
}

int
reader_end(const struct reader *r)
{
	return r->failed || r->left != 0 ? CAIRN_ERR_FORMAT : CAIRN_OK;
}
