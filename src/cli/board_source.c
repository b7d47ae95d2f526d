// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/board_source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BOARD "board/"
#define FOUND 200
#define NOT_FOUND 404

static int
from_relay(struct board_source *s, const char *path, size_t max, const uint8_t **ret_body, size_t *ret_bytes)
{
	struct cairn_request request = {.method = "GET", .answer_max = max};
	struct net_answer answer;

	(void)snprintf(request.path, sizeof(request.path), "%s", path);
	*ret_body = NULL;
	*ret_bytes = 0;
	if (net_do(s->arg, &request, &answer) != CAIRN_OK)
		return CAIRN_NO_ANSWER;
	*ret_body = answer.body;
	*ret_bytes = answer.bytes;
	return answer.status;
}

/* The whole file, or -1. One byte over max is read to see that there is no more. */
static ssize_t
slurp(struct board_source *s, int fd, size_t max)
{
	size_t used = 0;
	ssize_t got = 1;

	if (s->room < max + 1) {
		uint8_t *body = realloc(s->body, max + 1);

		if (body == NULL)
			return -1;
		s->body = body;
		s->room = max + 1;
	}
	while (got > 0 && used <= max) {
		got = read(fd, s->body + used, max + 1 - used);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			used += (size_t)got;
	}
	return got < 0 || used > max ? -1 : (ssize_t)used;
}

static int
from_folder(struct board_source *s, const char *path, size_t max, const uint8_t **ret_body, size_t *ret_bytes)
{
	ssize_t bytes;
	int fd;

	*ret_body = NULL;
	*ret_bytes = 0;
	if (strncmp(path, BOARD, strlen(BOARD)) != 0 || strstr(path, "..") != NULL)
		return NOT_FOUND;
	fd = openat(s->folder, path + strlen(BOARD), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? NOT_FOUND : CAIRN_NO_ANSWER;
	bytes = slurp(s, fd, max);
	(void)close(fd);
	if (bytes < 0)
		return CAIRN_NO_ANSWER;
	*ret_body = s->body;
	*ret_bytes = (size_t)bytes;
	return FOUND;
}

void
board_source_relay(struct board_source *s, struct net *net)
{
	*s = (struct board_source){.get = from_relay, .arg = net, .folder = -1};
}

int
board_source_folder(struct board_source *s, const char *path)
{
	int above = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int board;

	*s = (struct board_source){.get = from_folder, .folder = above};
	if (above < 0)
		return CAIRN_ERR_IO;
	board = openat(above, "board", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (board >= 0) {
		(void)close(above);
		s->folder = board;
	}
	return CAIRN_OK;
}

void
board_source_end(struct board_source *s)
{
	if (s->folder >= 0)
		(void)close(s->folder);
	free(s->body);
	*s = (struct board_source){.folder = -1};
}
