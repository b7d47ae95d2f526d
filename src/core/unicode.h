// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CORE_UNICODE_H
#define CAIRN_CORE_UNICODE_H

#include <stdbool.h>
#include <stdint.h>

/* The little that the core knows of Unicode, version 14. tests/unit holds it against libunistring. */

/* 0 to 9 for a decimal digit of any script (Nd), else -1. */
int unicode_digit(uint32_t code);

/* The property White_Space. */
bool unicode_is_space(uint32_t code);

/* Direction marks and other format characters that nobody sees: they come along when text is copied. */
bool unicode_is_invisible(uint32_t code);

#endif
