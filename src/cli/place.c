// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/place.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
place_self(char *path, size_t room)
{
	ssize_t length = readlink("/proc/self/exe", path, room - 1);

	if (length <= 0)
		return false;
	path[length] = '\0';
	return true;
}

bool
place_beside(char *path, size_t room, const char *const *places, size_t count)
{
	char self[4096];
	char *slash;

	if (!place_self(self, sizeof(self)) || (slash = strrchr(self, '/')) == NULL)
		return false;
	*slash = '\0';
	for (size_t i = 0; i < count; i++)
		if (snprintf(path, room, "%s/%s", self, places[i]) < (int)room && access(path, X_OK) == 0)
			return true;
	return false;
}
