// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/demo_search.h"

#include <fcntl.h>
#include <fts.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
search_file(struct demo_search *result, const char *path, const char *const *needles, size_t count)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	bool found = false;
	void *bytes;

	if (fd < 0 || fstat(fd, &st) != 0) {
		if (fd >= 0)
			(void)close(fd);
		return false;
	}
	result->files++;
	bytes = st.st_size == 0 ? MAP_FAILED : mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	(void)close(fd);
	if (bytes == MAP_FAILED)
		return st.st_size == 0;
	result->bytes += (unsigned long long)st.st_size;
	for (size_t i = 0; i < count && !found; i++)
		found = memmem(bytes, (size_t)st.st_size, needles[i], strlen(needles[i])) != NULL;
	result->found += found;
	(void)munmap(bytes, (size_t)st.st_size);
	return true;
}

bool
demo_search(struct demo_search *result, const char *folder, const char *const *needles, size_t count)
{
	char root[4200];
	char *paths[] = {root, NULL};
	bool good = true;
	FTSENT *entry;
	FTS *walk;

	*result = (struct demo_search){0};
	if (strlen(folder) >= sizeof(root))
		return false;
	memcpy(root, folder, strlen(folder) + 1);
	walk = fts_open(paths, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	while (walk != NULL && (entry = fts_read(walk)) != NULL)
		if (entry->fts_info == FTS_F)
			good &= search_file(result, entry->fts_path, needles, count);
	return walk != NULL && fts_close(walk) == 0 && good;
}
