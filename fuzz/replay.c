// SPDX-License-Identifier: GPL-3.0-or-later
/*
 * What stands in for libFuzzer where there is none: gives every file of a folder of seeds to the target once.
 * A crash of the target is a failed test. Prints TAP.
 */
#include <dirent.h>
#include <stdio.h>

#include <sodium.h>

#include "fuzz.h"

#define SEED_BYTES_MAX (1U << 20)

static int
is_seed(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* The bytes are in a block of their very size, so that a sanitizer sees a read past the end. */
static int
replay(const char *path)
{
	uint8_t *room = malloc(SEED_BYTES_MAX), *bytes;
	FILE *file = fopen(path, "rb");
	size_t size;

	if (room == NULL || file == NULL) {
		free(room);
		return -1;
	}
	size = fread(room, 1, SEED_BYTES_MAX, file);
	(void)fclose(file);
	bytes = realloc(room, size > 0 ? size : 1);
	if (bytes == NULL) {
		free(room);
		return -1;
	}
	(void)LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	return 0;
}

int
main(int argc, char **argv)
{
	struct dirent **seeds;
	char path[4096];
	int count, failed = 0;

	if (argc != 2 || sodium_init() < 0 || (count = scandir(argv[1], &seeds, is_seed, alphasort)) <= 0) {
		printf("not ok 1 - a folder of seeds\n");
		return 1;
	}
	for (int i = 0; i < count; i++) {
		(void)snprintf(path, sizeof path, "%s/%s", argv[1], seeds[i]->d_name);
		/* Said before, so that the log names the seed of a crash. */
		(void)fprintf(stderr, "%s\n", seeds[i]->d_name);
		if (replay(path) != 0) {
			printf("not ");
			failed = 1;
		}
		printf("ok %d - %s\n", i + 1, seeds[i]->d_name);
		free(seeds[i]);
	}
	free(seeds);
	printf("1..%d\n", count);
	return failed;
}
