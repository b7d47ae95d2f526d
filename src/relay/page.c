// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/page.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/page_template.h"
#include "base/writer.h"
#include "relay/desks.h"
#include "relay/files.h"
#include "relay/head.h"
#include "relay/log.h"
#include "relay/plain.h"

#define FILE_BYTES_MAX (4U << 20)
#define FILLED_BYTES (4096U + 3U * PAGE_ASKS_MAX * PAGE_ASK_BYTES_MAX) /* that filling in may add */

static const char policy[] =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; style-src 'self'; "
    "connect-src 'self'; img-src blob: data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/* What every part of the page says to the browser: keep nothing, tell nobody, load nothing from elsewhere. */
static const struct {
	const char *name;
	const char *value;
} headers[] = {
	{"Cache-Control", "no-store"},
	{"Cross-Origin-Opener-Policy", "same-origin"},
	{"Cross-Origin-Resource-Policy", "same-origin"},
	{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), interest-cohort=()"},
	{"Referrer-Policy", "no-referrer"},
	{"X-Content-Type-Options", "nosniff"},
	{"X-Frame-Options", "DENY"},
};

static const struct part_kind {
	const char *name;
	const char *type;
} part_kinds[] = {
	{"page.js", "text/javascript; charset=utf-8"},
	{"page.css", "text/css; charset=utf-8"},
	{"core.wasm", "application/wasm"},
};
#define PARTS (sizeof part_kinds / sizeof *part_kinds)

struct part {
	uint8_t *bytes, *packed_bytes;
	struct MHD_Response *plain;
	struct MHD_Response *packed; /* gzip */
};

struct page {
	uint8_t *index; /* with @NAMES@ of what is filled in */
	size_t index_bytes;
	const struct config *config;
	struct part parts[PARTS];
	struct MHD_Response *left;
};

int
page_dress(struct MHD_Response *response, const char *type, const char *content_policy)
{
	if (response == NULL || MHD_add_response_header(response, "Content-Type", type) != MHD_YES ||
	    MHD_add_response_header(response, "Content-Security-Policy", content_policy) != MHD_YES)
		return CAIRN_ERR_NOMEM;
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		if (MHD_add_response_header(response, headers[i].name, headers[i].value) != MHD_YES)
			return CAIRN_ERR_NOMEM;
	return CAIRN_OK;
}

/* ---- at the start ---- */

/* Of a part only what is asked of parts: the page's own headers would be a third of its style's bytes. */
static int
dress_part(struct MHD_Response *response, const char *type)
{
	static const char *const kept[][2] = {
	    {"Cache-Control", "no-store"},
	    {"Cross-Origin-Resource-Policy", "same-origin"},
	    {"Referrer-Policy", "no-referrer"},
	    {"X-Content-Type-Options", "nosniff"},
	};

	if (response == NULL || MHD_add_response_header(response, "Content-Type", type) != MHD_YES)
		return CAIRN_ERR_NOMEM;
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (MHD_add_response_header(response, kept[i][0], kept[i][1]) != MHD_YES)
			return CAIRN_ERR_NOMEM;
	return CAIRN_OK;
}

static int
load_file(uint8_t **ret, struct MHD_Response **response, int folder, const char *name, const char *type)
{
	size_t size;
	int err = file_read(ret, &size, folder, name, FILE_BYTES_MAX);

	if (err != CAIRN_OK)
		return err;
	*response = MHD_create_response_from_buffer(size, *ret, MHD_RESPMEM_PERSISTENT);
	return dress_part(*response, type);
}

static int
load_part(struct part *part, int folder, const struct part_kind *kind)
{
	char packed[32];
	int err;

	snprintf(packed, sizeof packed, "%s.gz", kind->name);
	if ((err = load_file(&part->bytes, &part->plain, folder, kind->name, kind->type)) != CAIRN_OK ||
	    (err = load_file(&part->packed_bytes, &part->packed, folder, packed, kind->type)) != CAIRN_OK)
		return err;
	if (MHD_add_response_header(part->plain, "Vary", "Accept-Encoding") != MHD_YES ||
	    MHD_add_response_header(part->packed, "Vary", "Accept-Encoding") != MHD_YES ||
	    MHD_add_response_header(part->packed, "Content-Encoding", "gzip") != MHD_YES)
		return CAIRN_ERR_NOMEM;
	return CAIRN_OK;
}

static int
load(struct page *page, int folder)
{
	int err = file_read(&page->index, &page->index_bytes, folder, "index.html", FILE_BYTES_MAX);

	for (size_t i = 0; err == CAIRN_OK && i < PARTS; i++)
		err = load_part(&page->parts[i], folder, &part_kinds[i]);
	return err;
}

/*
 * A browser that leaves is told to drop whatever it may have kept of this origin, against our will. Not
 * "executionContexts", which would load the page anew instead of letting it go.
 */
static int
dress_left(struct MHD_Response *response)
{
	static const char kept[] = "\"cache\", \"cookies\", \"storage\"";

	if (page_dress(response, "text/plain; charset=utf-8", policy) != CAIRN_OK ||
	    MHD_add_response_header(response, "Clear-Site-Data", kept) != MHD_YES)
		return CAIRN_ERR_NOMEM;
	return CAIRN_OK;
}

int
page_new(struct page **ret, const struct config *config)
{
	struct page *page;
	int folder;
	int err;

	*ret = NULL;
	if (config->page[0] == '\0')
		return CAIRN_OK;
	page = calloc(1, sizeof *page);
	if (page == NULL)
		return CAIRN_ERR_NOMEM;
	page->config = config;
	page->left = MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	folder = open(config->page, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = folder < 0 ? CAIRN_ERR_IO : load(page, folder);
	if (err == CAIRN_OK)
		err = dress_left(page->left);
	if (folder >= 0)
		close(folder);
	if (err != CAIRN_OK) {
		log_line(LOG_LEVEL_ERROR, "the page in %s: %s", config->page, cairn_strerror(err));
		page_free(page);
		return err;
	}
	*ret = page;
	return CAIRN_OK;
}

void
page_free(struct page *page)
{
	if (page == NULL)
		return;
	for (size_t i = 0; i < PARTS; i++) {
		struct part *part = &page->parts[i];

		if (part->plain != NULL)
			MHD_destroy_response(part->plain);
		if (part->packed != NULL)
			MHD_destroy_response(part->packed);
		free(part->bytes);
		free(part->packed_bytes);
	}
	if (page->left != NULL)
		MHD_destroy_response(page->left);
	free(page->index);
	free(page);
}

/* ---- the parts ---- */

bool
page_takes_gzip(const struct request *request)
{
	struct cairn_span codings = request_header(request, "Accept-Encoding");
	struct cairn_span coding;

	while (codings.text != NULL) {
		coding = span_cut(&codings, ',');
		while (coding.size > 0 && coding.text[0] == ' ')
			coding = (struct cairn_span){coding.text + 1, coding.size - 1};
		if (span_is(coding, "gzip"))
			return true;
	}
	return false;
}

void
page_get_part(struct request *request)
{
	struct page *page = request->relay->page;

	request->status = MHD_HTTP_NOT_FOUND;
	for (size_t i = 0; page != NULL && i < PARTS; i++)
		if (strcmp(request->route->pattern, part_kinds[i].name) == 0) {
			request->shared = page_takes_gzip(request) ? page->parts[i].packed : page->parts[i].plain;
			request->status = MHD_HTTP_OK;
		}
}

void
page_post_leave(struct request *request)
{
	struct page *page = request->relay->page;

	request->status = page == NULL ? MHD_HTTP_NOT_FOUND : MHD_HTTP_NO_CONTENT;
	if (page != NULL)
		request->shared = page->left;
}

/* ---- the page itself ---- */

/* Where the desk's paths begin, as seen from the address that was asked for: / is the page of the only desk. */
static struct cairn_span
base_of(struct writer *w, const struct request *request)
{
	if (request->target_bytes > 1)
		return (struct cairn_span){"", 0};
	write_text(w, "d/");
	write_hex(w, request->match.desk, CAIRN_HASH_BYTES);
	write_text(w, "/");
	return (struct cairn_span){(const char *)w->room, w->used};
}

static int
fill(struct writer *w, const struct page *page, const struct request *request, const struct cairn_card *card)
{
	const struct config *config = request->relay->config;
	char base[80];
	struct cairn_span ask;
	struct writer base_writer;
	struct page_values values = {
		.desk_id = request->match.desk,
		.identity_key = card->identity_key,
		.all_languages = config->all_languages,
		.name = card->name,
		.exit = {config->exit, strlen(config->exit)},
		.noscript = plain_invitation(request->relay->plain),
	};

	writer_init(&base_writer, base, sizeof base);
	values.base = base_of(&base_writer, request);
	for (size_t at = 0; values.ask_count < PAGE_ASKS_MAX && cairn_card_next(card, "never-asks", &at, &ask);)
		values.asks[values.ask_count++] = ask;
	page_template_fill(w, (struct cairn_span){(const char *)page->index, page->index_bytes}, &values);
	return writer_end(w, NULL);
}

/* The card that the board shows, which the relay checked when it came. */
static int
load_card(struct cairn_card *card, struct head *head, const struct request *request)
{
	struct cairn_identity_chain chain;
	const uint8_t *desk = request->match.desk;
	int err = head_load(head, request->relay->data, desk);

	if (err == CAIRN_OK && head->card.size == 0)
		return CAIRN_ERR_UNKNOWN;
	if (err == CAIRN_OK)
		err = cairn_identity_read(&chain, head->identity.text, head->identity.size, desk, NULL);
	if (err == CAIRN_OK)
		err = cairn_card_open(card, head->card.text, head->card.size, desk, &chain, head->hour / 24, NULL);
	return err;
}

static int
answer_page(struct request *request, const struct page *page)
{
	size_t room = page->index_bytes + FILLED_BYTES;
	uint8_t *bytes = malloc(room);
	struct head head = {0};
	struct cairn_card card;
	struct writer w;
	int err = bytes == NULL ? CAIRN_ERR_NOMEM : load_card(&card, &head, request);

	if (err == CAIRN_OK) {
		writer_init(&w, bytes, room);
		err = fill(&w, page, request, &card);
	}
	if (err == CAIRN_OK) {
		request->response = MHD_create_response_from_buffer(w.used, bytes, MHD_RESPMEM_MUST_COPY);
		err = page_dress(request->response, "text/html; charset=utf-8", policy);
	}
	head_clear(&head);
	free(bytes);
	return err;
}

void
page_get(struct request *request)
{
	const struct page *page = request->relay->page;
	int err = page == NULL ? CAIRN_ERR_UNKNOWN : answer_page(request, page);

	if (err == CAIRN_OK) {
		request->status = MHD_HTTP_OK;
		return;
	}
	if (request->response != NULL)
		MHD_destroy_response(request->response);
	request->response = NULL;
	request->status = request_status_of(err);
}
