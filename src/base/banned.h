// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BASE_BANNED_H
#define CAIRN_BASE_BANNED_H

/*
 * Functions that are easy to use wrongly become compile errors. Included by the build in front of
 * every file (-include), after the system headers below have declared them. Macros with arguments and
 * no #pragma poison: some C libraries have these as macros already, and sodium.h has a member "random".
 */
#include <alloca.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CAIRN_BANNED(name) banned_by_base_banned_h_##name

/* No room is given, or the room given does not mean what it seems to. */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef stpcpy
#undef sprintf
#undef vsprintf
#undef gets
#undef alloca
#define strcpy(...) CAIRN_BANNED(strcpy)
#define strcat(...) CAIRN_BANNED(strcat)
#define strncpy(...) CAIRN_BANNED(strncpy)
#define strncat(...) CAIRN_BANNED(strncat)
#define stpcpy(...) CAIRN_BANNED(stpcpy)
#define sprintf(...) CAIRN_BANNED(sprintf)
#define vsprintf(...) CAIRN_BANNED(vsprintf)
#define gets(...) CAIRN_BANNED(gets)
#define alloca(...) CAIRN_BANNED(alloca)

/* State that threads share. */
#undef strtok
#undef gmtime
#undef localtime
#undef ctime
#undef asctime
#define strtok(...) CAIRN_BANNED(strtok)
#define gmtime(...) CAIRN_BANNED(gmtime)
#define localtime(...) CAIRN_BANNED(localtime)
#define ctime(...) CAIRN_BANNED(ctime)
#define asctime(...) CAIRN_BANNED(asctime)

/* Not random; libsodium is. */
#undef rand
#undef srand
#undef random
#undef srandom
#define rand(...) CAIRN_BANNED(rand)
#define srand(...) CAIRN_BANNED(srand)
#define random(...) CAIRN_BANNED(random)
#define srandom(...) CAIRN_BANNED(srandom)

/* Cannot tell a number from none. */
#undef atoi
#undef atol
#undef atoll
#define atoi(...) CAIRN_BANNED(atoi)
#define atol(...) CAIRN_BANNED(atol)
#define atoll(...) CAIRN_BANNED(atoll)

/* A name that somebody else may take first. */
#undef tmpnam
#undef mktemp
#define tmpnam(...) CAIRN_BANNED(tmpnam)
#define mktemp(...) CAIRN_BANNED(mktemp)

#endif
