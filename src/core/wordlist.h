// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CORE_WORDLIST_H
#define CAIRN_CORE_WORDLIST_H

/* The words themselves, in C files that the build makes (scripts/wordlist-c.mjs). */

#define WORDS_ENGLISH 7776U
#define WORDS_RUSSIAN 2048U

extern const char words_english[];
extern const char words_russian[];

#endif
