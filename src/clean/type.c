// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include <magic.h>

#include "clean/clean.h"

static magic_t magic;

enum clean_exit
type_prepare(void)
{
	magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS);
	return magic != NULL && magic_load(magic, NULL) == 0 ? CLEAN_DONE : CLEAN_FAILED;
}

enum clean_exit
type_answer(const struct clean_job *job, struct cairn_span in)
{
	const char *type = magic_buffer(magic, in.text, in.size);

	(void)job;
	return type == NULL ? CLEAN_BROKEN : clean_put(type, strlen(type));
}
