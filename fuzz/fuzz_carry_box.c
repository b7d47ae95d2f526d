// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/bytes.h"
#include "carry/box.h"
#include "desk.h"

/* u16 length of the names, the names, and what stands under the seal, as a device of the desk may have sealed it. */
static struct box_grant grants[BOX_GRANTS_MAX];
static uint8_t names_again[BOX_GRANTS_MAX * BOX_NAME_BYTES], plain_again[BOX_GRANTS_MAX * BOX_GRANT_MAX];

static void
read_grants(struct cairn_span names, const uint8_t *plain, size_t plain_bytes)
{
	struct writer n, p;
	size_t count;

	if (box_grants_read(grants, &count, plain, plain_bytes, names) != CAIRN_OK)
		return;
	FUZZ_CHECK(count > 0 && count <= BOX_GRANTS_MAX && count * BOX_NAME_BYTES == names.size);
	writer_init(&n, names_again, sizeof(names_again));
	writer_init(&p, plain_again, sizeof(plain_again));
	box_grants_write(&n, &p, grants, count);
	FUZZ_CHECK(!n.failed && n.used == names.size && memcmp(names_again, names.text, n.used) == 0);
	FUZZ_CHECK(!p.failed && p.used == plain_bytes && memcmp(plain_again, plain, p.used) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_span names;
	struct box_name name;
	size_t at = 0;

	if (size < 2)
		return 0;
	names = (struct cairn_span){(const char *)bytes + 2, get_u16(bytes) < size - 2 ? get_u16(bytes) : size - 2};
	while (box_name_next(&name, names, &at) == CAIRN_OK)
		FUZZ_CHECK(at <= names.size && name.what >= BOX_KEY && name.what <= BOX_SHARE);
	read_grants(names, bytes + 2 + names.size, size - 2 - names.size);
	return 0;
}
