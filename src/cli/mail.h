// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_MAIL_H
#define CAIRN_CLI_MAIL_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "cairn/look.h"

/*
 * What the desk wrote, as it came in one look or several, and how it is shown. Long texts come in parts, which may be
 * in any order and in different looks. All in memory, and secret.
 */
struct mail;

struct mail *mail_new(void); /* NULL: out of memory */
void mail_free(struct mail *mail);

/* Takes a look's messages over. false: out of memory. */
bool mail_add(struct mail *mail, const struct cairn_look *look);

/* How many letters have not been shown yet. */
size_t mail_new_count(const struct mail *mail);

/* Shows those that were not shown before, for eyes or as an array. */
void mail_show(struct mail *mail, FILE *out);
json_t *mail_json(struct mail *mail);

#endif
