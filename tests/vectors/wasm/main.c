// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/fold.h"
#include "run.h"

/* The runner of the vectors, without files and with the browser's own folding. */

__attribute__((import_module("runner"), import_name("fold"))) int runner_fold(const char *text, size_t bytes,
    char *out, size_t room);

int
fold_text(char *out, size_t room, size_t *ret_bytes, struct cairn_span text)
{
	int bytes = runner_fold(text.text, text.size, out, room);

	*ret_bytes = bytes < 0 ? 0 : (size_t)bytes;
	return bytes < 0 ? CAIRN_ERR_SPACE : CAIRN_OK;
}

__attribute__((export_name("room"))) char *
room(size_t bytes)
{
	return calloc(1, bytes);
}

__attribute__((export_name("run"))) int
run(const char *text, size_t bytes)
{
	static struct run run;
	json_error_t error;
	json_t *file = json_loadb(text, bytes, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);

	if (sodium_init() < 0 || file == NULL)
		return 2;
	return run_all(&run, file) ? 0 : 1;
}
