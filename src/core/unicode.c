// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/unicode.h"

#include <stddef.h>

struct range {
	uint32_t first, last;
};

/* The zero of each run of ten decimal digits. */
static const uint32_t zeros[] = {
    0x0030,
    0x0660,
    0x06f0,
    0x07c0,
    0x0966,
    0x09e6,
    0x0a66,
    0x0ae6,
    0x0b66,
    0x0be6,
    0x0c66,
    0x0ce6,
    0x0d66,
    0x0de6,
    0x0e50,
    0x0ed0,
    0x0f20,
    0x1040,
    0x1090,
    0x17e0,
    0x1810,
    0x1946,
    0x19d0,
    0x1a80,
    0x1a90,
    0x1b50,
    0x1bb0,
    0x1c40,
    0x1c50,
    0xa620,
    0xa8d0,
    0xa900,
    0xa9d0,
    0xa9f0,
    0xaa50,
    0xabf0,
    0xff10,
    0x104a0,
    0x10d30,
    0x11066,
    0x110f0,
    0x11136,
    0x111d0,
    0x112f0,
    0x11450,
    0x114d0,
    0x11650,
    0x116c0,
    0x11730,
    0x118e0,
    0x11950,
    0x11c50,
    0x11d50,
    0x11da0,
    0x16a60,
    0x16ac0,
    0x16b50,
    0x1d7ce,
    0x1d7d8,
    0x1d7e2,
    0x1d7ec,
    0x1d7f6,
    0x1e140,
    0x1e2f0,
    0x1e950,
    0x1fbf0,
};

static const struct range spaces[] = {
    {0x0009, 0x000d},
    {0x0020, 0x0020},
    {0x0085, 0x0085},
    {0x00a0, 0x00a0},
    {0x1680, 0x1680},
    {0x2000, 0x200a},
    {0x2028, 0x2029},
    {0x202f, 0x202f},
    {0x205f, 0x205f},
    {0x3000, 0x3000},
};

static const struct range invisible[] = {
    {0x00ad, 0x00ad},
    {0x061c, 0x061c},
    {0x180e, 0x180e},
    {0x200b, 0x200f},
    {0x202a, 0x202e},
    {0x2060, 0x2064},
    {0x2066, 0x206f},
    {0xfeff, 0xfeff},
};

#define COUNT(table) (sizeof(table) / sizeof(table)[0])

static bool
is_in(uint32_t code, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

int
unicode_digit(uint32_t code)
{
	for (size_t i = 0; i < COUNT(zeros); i++)
		if (code >= zeros[i] && code - zeros[i] < 10)
			return (int)(code - zeros[i]);
	return -1;
}

bool
unicode_is_space(uint32_t code)
{
	return is_in(code, spaces, COUNT(spaces));
}

bool
unicode_is_invisible(uint32_t code)
{
	return is_in(code, invisible, COUNT(invisible));
}
