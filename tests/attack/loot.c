// SPDX-License-Identifier: GPL-3.0-or-later
#include "attack/loot.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
must(bool ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "loot: %s\n", what);
	abort();
}

void
loot_add(struct loot *loot, const void *bytes, size_t size)
{
	loot->bytes = realloc(loot->bytes, loot->size + size + 1);
	must(loot->bytes != NULL, "memory");
	memcpy(loot->bytes + loot->size, bytes, size);
	loot->size += size;
}

void
loot_file(struct loot *loot, const char *path)
{
	static uint8_t piece[65536];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	must(fd >= 0, path);
	while ((n = read(fd, piece, sizeof piece)) > 0)
		loot_add(loot, piece, (size_t)n);
	close(fd);
}

void
loot_folder(struct loot *loot, const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	char path[512];
	struct stat st;

	must(dir != NULL, folder);
	while ((entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		loot_add(loot, entry->d_name, strlen(entry->d_name) + 1);
		must(lstat(path, &st) == 0, path);
		if (S_ISDIR(st.st_mode))
			loot_folder(loot, path);
		else
			loot_file(loot, path);
	}
	closedir(dir);
}

void
loot_release(struct loot *loot)
{
	free(loot->bytes);
	*loot = (struct loot){0};
}

bool
loot_has(const struct loot *loot, const void *what, size_t size)
{
	return memmem(loot->bytes, loot->size, what, size) != NULL;
}

bool
loot_has_text(const struct loot *loot, const char *text)
{
	return loot_has(loot, text, strlen(text));
}
