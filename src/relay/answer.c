// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/answer.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct answers {
	struct MHD_Response *nothing; /* 204 */
	struct MHD_Response *options;
	struct MHD_Response *no;
	struct MHD_Response *no_staff;  /* 401 */
	struct MHD_Response *no_method; /* 405 */
	struct MHD_Response *later;     /* 503 */
};

struct header {
	const char *name;
	const char *value;
};

static const struct header everywhere[] = {
	{"Cache-Control", "no-store"},
	{"Access-Control-Allow-Origin", "*"},
	{"X-Content-Type-Options", "nosniff"},
};

static const struct header for_options[] = {
	{"Access-Control-Allow-Methods", "GET, HEAD, POST, PUT"},
	{"Access-Control-Allow-Headers", "Authorization, Cairn-Pass, Cairn-Work, Content-Type, Range"},
	{"Access-Control-Max-Age", "86400"},
};

static const struct header for_staff[] = {{"WWW-Authenticate", "Cairn"}};
static const struct header for_method[] = {{"Allow", "GET, HEAD, POST, PUT, OPTIONS"}};
static const struct header for_later[] = {
	{"Retry-After", "10"},
	{"Access-Control-Expose-Headers", "Retry-After"},
};

static bool
add(struct MHD_Response *response, const struct header *headers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (MHD_add_response_header(response, headers[i].name, headers[i].value) != MHD_YES)
			return false;
	return true;
}

int
answer_headers(struct MHD_Response *response)
{
	if (!add(response, everywhere, sizeof everywhere / sizeof *everywhere) ||
	    MHD_add_response_header(response, "Content-Type", "application/octet-stream") != MHD_YES)
		return CAIRN_ERR_NOMEM;
	return CAIRN_OK;
}

static struct MHD_Response *
make(const char *body, const struct header *headers, size_t count)
{
	static const struct header text = {"Content-Type", "text/plain"};
	struct MHD_Response *response = MHD_create_response_from_buffer(strlen(body), (void *)(uintptr_t)body,
	    MHD_RESPMEM_PERSISTENT);

	if (response == NULL)
		return NULL;
	if (!add(response, everywhere, sizeof everywhere / sizeof *everywhere) ||
	    (body[0] != '\0' && !add(response, &text, 1)) || !add(response, headers, count)) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
}

#define MAKE(body, headers) make(body, headers, sizeof headers / sizeof *headers)

int
answers_new(struct answers **ret)
{
	struct answers *a = calloc(1, sizeof *a);

	*ret = NULL;
	if (a == NULL)
		return CAIRN_ERR_NOMEM;
	a->nothing = make("", NULL, 0);
	a->options = MAKE("", for_options);
	a->no = make("no\n", NULL, 0);
	a->no_staff = MAKE("no\n", for_staff);
	a->no_method = MAKE("no\n", for_method);
	a->later = MAKE("later\n", for_later);
	if (a->nothing == NULL || a->options == NULL || a->no == NULL || a->no_staff == NULL ||
	    a->no_method == NULL || a->later == NULL) {
		answers_free(a);
		return CAIRN_ERR_NOMEM;
	}
	*ret = a;
	return CAIRN_OK;
}

void
answers_free(struct answers *a)
{
	if (a == NULL)
		return;
	struct MHD_Response *all[] = {a->nothing, a->options, a->no, a->no_staff, a->no_method, a->later};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (all[i] != NULL)
			MHD_destroy_response(all[i]);
	free(a);
}

struct MHD_Response *
answers_of(const struct answers *a, unsigned status)
{
	switch (status) {
	case MHD_HTTP_NO_CONTENT:
		return a->nothing;
	case MHD_HTTP_UNAUTHORIZED:
		return a->no_staff;
	case MHD_HTTP_METHOD_NOT_ALLOWED:
		return a->no_method;
	case MHD_HTTP_SERVICE_UNAVAILABLE:
		return a->later;
	default:
		return a->no;
	}
}

struct MHD_Response *
answers_options(const struct answers *a)
{
	return a->options;
}
