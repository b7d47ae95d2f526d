// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BASE_BANNED_H
#define CAIRN_BASE_BANNED_H

/*
 * Functions that are easy to use wrongly become compile errors. Included by the build in front of
 * every file (-include), after the system headers below have declared them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* `random` is the name of a member in libsodium's headers, so only its seeding is banned. */
#undef alloca
#pragma GCC poison strcpy strcat strncpy strncat stpcpy sprintf vsprintf strtok gets
#pragma GCC poison gmtime localtime ctime asctime rand srand srandom
#pragma GCC poison atoi atol atoll alloca tmpnam mktemp

#endif
