// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/card.h"

#include <sodium.h>

#include "base/text.h"
#include "base/writer.h"

bool
card_line_ok(const char *text, size_t most)
{
	struct cairn_span rest = {text, strlen(text)};

	if (rest.size == 0 || rest.size > most || !text_is_utf8((const uint8_t *)text, rest.size))
		return false;
	while (rest.size > 0) {
		uint32_t code = text_next(&rest);

		if (code < 0x20 || (code >= 0x7f && code < 0xa0))
			return false;
	}
	return true;
}

bool
card_lang_ok(const char *text)
{
	size_t size = strlen(text);

	if (size < 2 || size > 35)
		return false;
	return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == size;
}

bool
card_url_ok(const char *text)
{
	size_t size = strlen(text);
	bool http = strncmp(text, "http://", 7) == 0 && size > 7;
	bool https = strncmp(text, "https://", 8) == 0 && size > 8;

	return (http || https) && card_line_ok(text, DESK_URL_MAX) && strchr(text, ' ') == NULL &&
	    text[size - 1] != '/';
}

static void
card_line(struct writer *w, const char *keyword, const char *value)
{
	write_text(w, keyword);
	write_text(w, " ");
	write_text(w, value);
	write_text(w, "\n");
}

static void
card_number(struct writer *w, const char *keyword, uint64_t value)
{
	write_text(w, keyword);
	write_text(w, " ");
	write_decimal(w, value);
	write_text(w, "\n");
}

static void
card_key(struct writer *w, const char *keyword, const char *word, const uint8_t key[32])
{
	write_text(w, keyword);
	write_text(w, " ");
	write_text(w, word);
	write_base64(w, key, 32);
	write_text(w, "\n");
}

/* The lines that every card has anew. */
static void
card_head(struct writer *w, const struct desk_self *self, uint64_t serial, uint32_t not_after)
{
	write_text(w, "cairn card 1\ndesk ");
	write_hex(w, self->desk_id, sizeof(self->desk_id));
	write_text(w, "\n");
	card_number(w, "serial", serial);
	card_number(w, "not-after", not_after);
	card_line(w, "name", self->name);
	card_key(w, "identity", "", self->identity_key);
	card_key(w, "board-key", "", self->board_secret + 32);
	card_number(w, "batch", self->batch_cells);
	card_number(w, "min-version", 1);
}

/* Lines that stay as they are on the card before: all that this program did not write above or below. */
static void
card_kept(struct writer *w, const struct cairn_card *old, const struct card_wish *wish)
{
	static const char *const written[] = {"cairn", "desk", "serial", "not-after", "name", "identity",
	    "board-key", "batch", "min-version"};
	struct cairn_span rest = old->lines;

	while (rest.text != NULL && rest.size > 0) {
		struct cairn_span line = span_cut(&rest, '\n');
		struct cairn_span value = line;
		struct cairn_span keyword = span_cut(&value, ' ');
		bool again = line.size == 0 || (span_is(keyword, "lang") && wish->lang_count > 0) ||
		    (span_is(keyword, "never-asks") && wish->never_count > 0) ||
		    (span_is(keyword, "give") && wish->give_count > 0) ||
		    (span_is(keyword, "site-key") && wish->site_key_count > 0) ||
		    (span_is(keyword, "witness") && wish->witness_count > 0) ||
		    (span_is(keyword, "relay") && wish->relay_url != NULL);

		for (size_t i = 0; i < sizeof(written) / sizeof(written[0]); i++)
			again = again || span_is(keyword, written[i]);
		if (again)
			continue;
		write_bytes(w, line.text, line.size);
		write_text(w, "\n");
	}
}

static void
card_wished(struct writer *w, const struct desk_self *self, const struct card_wish *wish)
{
	for (size_t i = 0; i < wish->lang_count; i++)
		card_line(w, "lang", wish->langs[i]);
	if (wish->relay_url != NULL) {
		write_text(w, "relay ");
		write_text(w, self->relay_url);
		write_text(w, " ");
		write_base64(w, self->relay_key, 32);
		write_text(w, "\n");
	}
	for (size_t i = 0; i < wish->never_count; i++)
		card_line(w, "never-asks", wish->never_asks[i]);
	for (size_t i = 0; i < wish->page_count; i++)
		card_line(w, "page", wish->pages[i]);
	for (size_t i = 0; i < wish->give_count; i++)
		card_line(w, "give", wish->gives[i]);
	for (size_t i = 0; i < wish->site_key_count; i++)
		card_line(w, "site-key", wish->site_keys[i]);
	for (size_t i = 0; i < wish->witness_count; i++)
		card_line(w, "witness", wish->witnesses[i]);
}

static int
note_sign(uint8_t *out, size_t *ret_bytes, const struct writer *text, const struct desk_self *self,
    const uint8_t identity_secret[64])
{
	char name[CAIRN_KEY_NAME_BYTES];
	size_t bytes;
	int err = writer_end(text, &bytes);

	if (err != CAIRN_OK)
		return err;
	return cairn_note_sign(out, CAIRN_NOTE_BYTES_MAX, ret_bytes,
	    (struct cairn_span){(const char *)text->room, bytes}, cairn_key_name(name, self->desk_id, "identity"),
	    identity_secret);
}

/* Nothing is kept that a client would not take. */
static int
card_keep(struct db *state, const struct desk_self *self, const uint8_t *note, size_t bytes, uint32_t today,
    uint64_t serial)
{
	struct cairn_identity_chain chain;
	struct cairn_card card;
	int err = cairn_identity_read(&chain, NULL, 0, self->desk_id, NULL);

	if (err == CAIRN_OK)
		err = cairn_card_open(&card, note, bytes, self->desk_id, &chain, today, NULL);
	if (err == CAIRN_OK)
		err = state_note_put(state, "card", note, bytes, serial);
	return err;
}

static void
self_wish(struct desk_self *self, const struct card_wish *wish)
{
	if (wish->name != NULL)
		snprintf(self->name, sizeof(self->name), "%s", wish->name);
	if (wish->relay_url != NULL) {
		snprintf(self->relay_url, sizeof(self->relay_url), "%s", wish->relay_url);
		memcpy(self->relay_key, wish->relay_key, sizeof(self->relay_key));
	}
}

int
card_make(struct db *state, struct desk_self *self, const struct cairn_card *old,
    const struct card_wish *wish, uint64_t serial, uint32_t today, const uint8_t identity_secret[64])
{
	uint8_t *room = malloc(2 * CAIRN_NOTE_BYTES_MAX);
	uint32_t days = wish->days == 0 ? CARD_DAYS : wish->days;
	struct writer w;
	size_t bytes = 0;
	int err;

	if (room == NULL)
		return CAIRN_ERR_NOMEM;
	self_wish(self, wish);
	writer_init(&w, room, CAIRN_NOTE_BYTES_MAX);
	card_head(&w, self, serial, today + days);
	card_wished(&w, self, wish);
	if (old == NULL)
		write_text(&w, "door intake\ndoor campaign\n");
	else
		card_kept(&w, old, wish);
	err = note_sign(room + CAIRN_NOTE_BYTES_MAX, &bytes, &w, self, identity_secret);
	if (err == CAIRN_OK)
		err = card_keep(state, self, room + CAIRN_NOTE_BYTES_MAX, bytes, today, serial);
	free(room);
	return err;
}
