// SPDX-License-Identifier: GPL-3.0-or-later
#include "run.h"

int
main(int argc, char **argv)
{
	static struct run run;
	json_error_t error;
	json_t *file;
	bool good;

	if (argc != 2) {
		fprintf(stderr, "usage: vectors FILE\n");
		return 2;
	}
	if (sodium_init() < 0)
		return 2;
	file = json_load_file(argv[1], JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (file == NULL) {
		fprintf(stderr, "%s:%d: not JSON: %s\n", argv[1], error.line, error.text);
		printf("0 passed, 1 failed\n");
		return 1;
	}
	good = run_all(&run, file);
	json_decref(file);
	return good ? 0 : 1;
}
