// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_DIGITS_H
#define CAIRN_CLI_DIGITS_H

#include <stdbool.h>

/*
 * Comparing the digits when a device joins (carry/join.h): shows this side's, and has those of the other side typed,
 * which people read to each other. Nobody types what he has not heard. fd is -1 to ask on the terminal. Returns an
 * enum cairn_exit and has told what is wrong: CAIRN_EXIT_REFUSED where they differ.
 */
int digits_compare(const char *sas, int fd, bool json);

#endif
