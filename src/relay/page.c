// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/page.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/writer.h"
#include "relay/desks.h"
#include "relay/files.h"
#include "relay/head.h"
#include "relay/log.h"

#define FILE_BYTES_MAX (4U << 20)
#define NAME_BYTES_MAX 200U /* of the desk's name; the rest is cut */

static const char policy[] =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src blob:; style-src 'self'; "
    "connect-src 'self'; img-src blob: data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/* What every part of the page says to the browser: keep nothing, tell nobody, load nothing from elsewhere. */
static const struct {
	const char *name;
	const char *value;
} headers[] = {
	{"Cache-Control", "no-store"},
	{"Content-Security-Policy", policy},
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
};

static int
dress(struct MHD_Response *response, const char *type)
{
	if (response == NULL || MHD_add_response_header(response, "Content-Type", type) != MHD_YES)
		return CAIRN_ERR_NOMEM;
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
		if (MHD_add_response_header(response, headers[i].name, headers[i].value) != MHD_YES)
			return CAIRN_ERR_NOMEM;
	return CAIRN_OK;
}

/* ---- at the start ---- */

static int
load_file(uint8_t **ret, struct MHD_Response **response, int folder, const char *name, const char *type)
{
	size_t size;
	int err = file_read(ret, &size, folder, name, FILE_BYTES_MAX);

	if (err != CAIRN_OK)
		return err;
	*response = MHD_create_response_from_buffer(size, *ret, MHD_RESPMEM_PERSISTENT);
	return dress(*response, type);
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
	folder = open(config->page, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	err = folder < 0 ? CAIRN_ERR_IO : load(page, folder);
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
	free(page->index);
	free(page);
}

/* ---- the parts ---- */

static bool
takes_gzip(const struct request *request)
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
			request->shared = takes_gzip(request) ? page->parts[i].packed : page->parts[i].plain;
			request->status = MHD_HTTP_OK;
		}
}

/* ---- the page itself ---- */

/* A desk's name is anybody's text: what is not a letter or digit of ASCII goes as %XX. */
static void
write_percent(struct writer *w, struct cairn_span text)
{
	for (size_t i = 0; i < text.size && i < NAME_BYTES_MAX; i++) {
		uint8_t c = (uint8_t)text.text[i];
		char escape[4];

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) {
			write_u8(w, c);
			continue;
		}
		snprintf(escape, sizeof escape, "%%%02X", c);
		write_text(w, escape);
	}
}

/* Cut where a character begins, so that what is left is text. */
static struct cairn_span
name_of(const struct cairn_card *card)
{
	struct cairn_span name = card->name;

	if (name.size > NAME_BYTES_MAX)
		name.size = cairn_text_piece(name.text, name.size, NAME_BYTES_MAX);
	return name;
}

static void
write_desk(struct writer *w, const struct request *request, const struct cairn_card *card)
{
	const struct config *config = request->relay->config;

	write_text(w, "desk=");
	write_hex(w, request->match.desk, CAIRN_HASH_BYTES);
	write_text(w, " identity=");
	write_hex(w, card->identity_key, sizeof card->identity_key);
	write_text(w, " languages=");
	write_text(w, config->all_languages ? "all" : "reviewed");
	write_text(w, " name=");
	write_percent(w, name_of(card));
}

/* Where the desk's paths begin, as seen from the address that was asked for. */
static void
write_base(struct writer *w, const struct request *request)
{
	if (request->target_bytes > 1)
		return;
	write_text(w, "d/");
	write_hex(w, request->match.desk, CAIRN_HASH_BYTES);
	write_text(w, "/");
}

static void
write_named(struct writer *w, struct cairn_span name, const struct request *request,
    const struct cairn_card *card)
{
	if (span_is(name, "DESK"))
		write_desk(w, request, card);
	else if (span_is(name, "BASE"))
		write_base(w, request);
	else if (span_is(name, "EXIT"))
		write_text(w, request->relay->config->exit);
}

static int
fill(struct writer *w, const struct page *page, const struct request *request, const struct cairn_card *card)
{
	struct cairn_span rest = {(const char *)page->index, page->index_bytes};

	while (rest.text != NULL) {
		struct cairn_span text = span_cut(&rest, '@');

		write_bytes(w, text.text, text.size);
		if (rest.text != NULL)
			write_named(w, span_cut(&rest, '@'), request, card);
	}
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
	size_t room = page->index_bytes + 4096;
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
		err = dress(request->response, "text/html; charset=utf-8");
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
