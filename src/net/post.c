// SPDX-License-Identifier: GPL-3.0-or-later
#include "net/post.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "net/call.h"

#define HTTP_OK 200L

int
post_do(const struct post *p, uint8_t *out, size_t room, size_t *ret_bytes, char why[256])
{
	char type[160], accept[160];
	const char *const headers[] = {type, accept, NULL};
	const struct net_call call = {.method = "POST",
	    .url = p->url,
	    .proxy = p->proxy,
	    .headers = headers,
	    .body = p->body,
	    .bytes = p->bytes,
	    .patience_s = p->patience_s};
	struct net_answer answer = {.out = out, .room = room};
	int err;

	*ret_bytes = 0;
	snprintf(type, sizeof(type), "Content-Type: %s", p->type);
	snprintf(accept, sizeof(accept), "Accept: %s", p->accept);
	err = net_call_do(&call, &answer, why);
	if (err != CAIRN_OK)
		return err;
	if (answer.status == HTTP_OK && answer.type[0] != '\0' &&
	    strncasecmp(answer.type, p->accept, strlen(p->accept)) == 0) {
		*ret_bytes = answer.bytes;
		return CAIRN_OK;
	}
	if (answer.status == HTTP_OK)
		snprintf(why, 256, "its answer is of another kind");
	else
		snprintf(why, 256, "it answers %ld", answer.status);
	return CAIRN_ERR_IO;
}
