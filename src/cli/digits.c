// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/digits.h"

#include <string.h>

#include <sodium.h>

#include "cli/ask.h"
#include "cli/exit.h"
#include "cli/output.h"

#define DIGITS 12U
#define LINE_MAX_BYTES 64U

/*
 * The digits alone; false where there are not as many as there must be, or anything but blanks and hyphens between.
 */
static bool
digits_read(char out[DIGITS], const char *text)
{
	size_t used = 0;

	for (; *text != '\0'; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		if (*text < '0' || *text > '9' || used == DIGITS)
			return false;
		out[used++] = *text;
	}
	return used == DIGITS;
}

int
digits_compare(const char *sas, int fd, bool json)
{
	char line[LINE_MAX_BYTES], ours[DIGITS], theirs[DIGITS];
	int code = CAIRN_EXIT_OK;

	if (json)
		code = print_json(json_pack("{s:s}", "digits", sas));
	else
		printf("\nThis device shows   %s\n\nAsk, by voice or face to face, what the other device shows. "
		       "It must be the same.\n",
		    sas);
	fflush(stdout);
	if (code == CAIRN_EXIT_OK)
		code = ask_line(fd, "the digits of the other device", line, sizeof(line));
	if (code != CAIRN_EXIT_OK)
		return code;
	if (!digits_read(ours, sas) || !digits_read(theirs, line) || sodium_memcmp(ours, theirs, DIGITS) != 0)
		return fail(CAIRN_EXIT_REFUSED,
		    "the digits differ. If nobody misread or mistyped them, somebody is in between, who may be "
		    "the relay: "
		    "stop, tell the security officer, and begin anew with another code another day");
	return CAIRN_EXIT_OK;
}
