// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/desk_command.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "relay/desks.h"
#include "relay/files.h"
#include "relay/options.h"

struct verb {
	const char *name;
	const char *words; /* that follow */
	int least;
	int most;
	int (*run)(int data, char **words, int count);
};

static int
fault(const char *what, int err)
{
	fprintf(stderr, "cairnd: %s: %s\n", what, cairn_strerror(err));
	return EXIT_FAULT;
}

static bool
read_id(uint8_t id[CAIRN_HASH_BYTES], const char *word)
{
	if (text_hex(id, CAIRN_HASH_BYTES, (struct cairn_span){word, strlen(word)}) == CAIRN_OK)
		return true;
	fprintf(stderr, "cairnd: a desk_id is 64 lower-case hex digits, as \"cairn desk init\" prints it\n");
	return false;
}

/* The folders belong to whom the data folder belongs to, also when root adds a desk. */
static int
own_as_data(int data, const char *path)
{
	struct stat st;

	if (geteuid() != 0)
		return CAIRN_OK;
	if (fstat(data, &st) != 0 || fchownat(data, path, st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW) != 0)
		return CAIRN_ERR_IO;
	return CAIRN_OK;
}

static int
add(int data, char **words, int count)
{
	char path[FILES_PATH_MAX];
	uint8_t id[CAIRN_HASH_BYTES];
	int err;

	(void)count;
	if (!read_id(id, words[0]))
		return EXIT_USAGE;
	if ((err = desk_path(path, id, "%s", "")) != CAIRN_OK || (err = file_folders(data, path)) != CAIRN_OK ||
	    (err = own_as_data(data, "desks")) != CAIRN_OK || (err = own_as_data(data, path)) != CAIRN_OK)
		return fault("the desk could not be added", err);
	printf("added %s\n", words[0]);
	return EXIT_SUCCESS;
}

static int
list(int data, char **words, int count)
{
	struct file_names names;
	int err = file_names(&names, data, "desks");

	(void)words, (void)count;
	if (err != CAIRN_OK)
		return fault("the desks could not be read", err);
	for (size_t i = 0; i < names.count; i++) {
		char path[FILES_PATH_MAX];
		uint8_t id[CAIRN_HASH_BYTES];
		bool board;

		if (text_hex(id, sizeof id, (struct cairn_span){names.names[i], strlen(names.names[i])}) != CAIRN_OK)
			continue;
		board = desk_path(path, id, "board/head") == CAIRN_OK && file_exists(data, path);
		printf("%s\t%s\n", names.names[i], board ? "board" : "no board yet");
	}
	file_names_clear(&names);
	return EXIT_SUCCESS;
}

/* Out of the daemon's sight in one step, then gone. */
static int
take_away(int data, const char *path)
{
	char hidden[FILES_PATH_MAX];
	int length = snprintf(hidden, sizeof hidden, "desks/.removed-%ld", (long)getpid());
	int err;

	if (length < 0 || (size_t)length >= sizeof hidden)
		return CAIRN_ERR_RANGE;
	if (renameat(data, path, data, hidden) != 0)
		return file_error();
	if ((err = file_sync_folder(data, hidden)) != CAIRN_OK)
		return err;
	return file_remove_tree(data, hidden);
}

static int
remove_desk(int data, char **words, int count)
{
	char path[FILES_PATH_MAX];
	uint8_t id[CAIRN_HASH_BYTES];
	int err;

	if (!read_id(id, words[0]))
		return EXIT_USAGE;
	if (count < 2 || strcmp(words[1], "--yes") != 0) {
		fprintf(stderr,
		    "cairnd: this destroys the desk's board and feed here, and every cell that it has not collected. "
		    "If that is meant, add --yes\n");
		return EXIT_USAGE;
	}
	if ((err = desk_path(path, id, "%s", "")) != CAIRN_OK)
		return fault("the desk could not be removed", err);
	path[strlen(path) - 1] = '\0';
	err = take_away(data, path);
	if (err == CAIRN_ERR_UNKNOWN) {
		fprintf(stderr, "cairnd: there is no such desk\n");
		return EXIT_FAULT;
	}
	if (err != CAIRN_OK)
		return fault("the desk could not be removed", err);
	printf("removed %s\n", words[0]);
	return EXIT_SUCCESS;
}

static const struct verb verbs[] = {
	{"add", "DESK_ID", 1, 1, add},
	{"list", "", 0, 0, list},
	{"remove", "DESK_ID --yes", 1, 2, remove_desk},
};

int
desk_command(const struct config *config, int argc, char **argv)
{
	int data;
	int code;

	for (size_t i = 0; argc > 0 && i < sizeof verbs / sizeof *verbs; i++) {
		if (strcmp(argv[0], verbs[i].name) != 0)
			continue;
		if (argc - 1 < verbs[i].least || argc - 1 > verbs[i].most) {
			fprintf(stderr, "usage: cairnd desk %s %s\n", verbs[i].name, verbs[i].words);
			return EXIT_USAGE;
		}
		data = open(config->data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (data < 0) {
			fprintf(stderr, "cairnd: the data folder %s: %s\n", config->data, strerror(errno));
			return EXIT_FAULT;
		}
		umask(077);
		code = verbs[i].run(data, argv + 1, argc - 1);
		close(data);
		return code;
	}
	fprintf(stderr, "usage: cairnd desk add DESK_ID | list | remove DESK_ID --yes\n");
	return EXIT_USAGE;
}
