// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_PETITION_SESSION_H
#define CAIRN_CLI_PETITION_SESSION_H

#include "cli/desk_session.h"
#include "site/petition_source.h"

/* What the commands of petitions and of letters to the site share. All return an enum cairn_exit and have told. */

/* The desk, if this device may hold such letters: its role is "publish". desk_session_end() in any case. */
int petition_begin(struct desk_session *s, const struct desk_options *options);

/* The site's sources; petition_source_end() in any case. */
int petition_sources(struct petition_source *source, const char *path);

/* What is wrong with a source. */
int petition_fault(const struct site_fault *fault, int err);

/* An error about the petition of that name, or of the state. */
int petition_fail(const struct desk_session *s, const char *name, int err);

#endif
