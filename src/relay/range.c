// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/range.h"

#include <stdint.h>
#include <string.h>

#include "base/text.h"

static int
read_number(uint64_t *out, struct cairn_span digits)
{
	/* Leading zeros are allowed here. */
	while (digits.size > 1 && digits.text[0] == '0') {
		digits.text++;
		digits.size--;
	}
	return text_number(out, digits, INT64_MAX);
}

/* "-n": the last n bytes. */
static int
read_suffix(struct range *range, struct cairn_span digits, size_t size)
{
	uint64_t n;

	if (read_number(&n, digits) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	if (n == 0 || size == 0)
		return CAIRN_ERR_RANGE;
	range->bytes = n < size ? (size_t)n : size;
	range->first = size - range->bytes;
	return CAIRN_OK;
}

int
range_read(struct range *range, struct cairn_span value, size_t size)
{
	struct cairn_span unit = span_cut(&value, '=');
	struct cairn_span from = span_cut(&value, '-');
	uint64_t first;
	uint64_t last = UINT64_MAX;

	if (!span_is(unit, "bytes") || value.text == NULL)
		return CAIRN_ERR_FORMAT;
	if (from.size == 0)
		return read_suffix(range, value, size);
	if (read_number(&first, from) != CAIRN_OK ||
	    (value.size > 0 && (read_number(&last, value) != CAIRN_OK || last < first)))
		return CAIRN_ERR_FORMAT;
	if (first >= size)
		return CAIRN_ERR_RANGE;
	range->first = (size_t)first;
	range->bytes = last - first >= size - range->first ? size - range->first : (size_t)(last - first) + 1;
	return CAIRN_OK;
}
