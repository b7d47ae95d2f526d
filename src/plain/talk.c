// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/talk.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/bytes.h"
#include "net/drive.h"
#include "net/letters.h"
#include "plain/messages.h"

#define PATIENCE_MS 15000U /* for one request: the relay is on this machine */
#define NEEDS 16U
#define WINDOW_BYTES 5U
#define EVERY_DAY 0x7fU

/* All that one exchange needs, in memory that is locked where the machine lets it, and wiped. */
struct exchange {
	struct net *net;
	struct cairn_client client;
	struct cairn_conversation conv;
	struct letters letters;
	struct cairn_send send;
	uint8_t second[CAIRN_HELLO_BLOCK_BYTES];
};

uint32_t
talk_hour(const struct talk *talk, const struct state *state)
{
	return (uint32_t)((int64_t)(talk->now / 3600) + state->shift);
}

int
talk_root(const struct talk *talk, struct state *state)
{
	int err = cairn_passphrase_root(state->root, &state->pass, talk->desk_id);

	state->open = err == CAIRN_OK;
	cairn_passphrase_clear(&state->pass);
	return err;
}

/* libsodium puts the end at a page's end, which does for alignment only when the size is a multiple. */
static void *
locked_new(size_t bytes)
{
	void *memory;

	bytes = (bytes + 15) & ~(size_t)15;
	memory = sodium_malloc(bytes);
	if (memory != NULL)
		sodium_memzero(memory, bytes);
	return memory;
}

static int
connect_to(struct net **ret, const struct talk *talk)
{
	struct net_url url;
	struct net_options options = {.url = &url, .unix_socket = talk->unix_socket, .patience_ms = PATIENCE_MS};
	char hex[2 * CAIRN_HASH_BYTES + 1], text[NET_URL_MAX];

	sodium_bin2hex(hex, sizeof(hex), talk->desk_id, CAIRN_HASH_BYTES);
	(void)snprintf(text, sizeof(text), "%s/d/%s/", talk->address, hex);
	if (net_url_read(&url, text) != CAIRN_OK)
		return CAIRN_ERR_RANGE;
	return net_new(ret, &options);
}

static void
end(struct exchange *e)
{
	if (e != NULL)
		net_free(e->net);
	sodium_free(e);
}

static int
begin(struct exchange **ret, const struct talk *talk, const struct state *state)
{
	struct exchange *e = locked_new(sizeof(*e));
	int err;

	*ret = NULL;
	if (e == NULL)
		return CAIRN_ERR_NOMEM;
	memcpy(e->client.desk_id, talk->desk_id, CAIRN_HASH_BYTES);
	e->client.hour = talk_hour(talk, state);
	e->client.hour_confirmed = state->confirmed;
	cairn_conversation_init(&e->conv, state->root);
	err = connect_to(&e->net, talk);
	if (err != CAIRN_OK)
		end(e);
	else
		*ret = e;
	return err;
}

/* ---- sending ---- */

/*
 * The hello block of the other words. The slow step is done in any case, with words that nobody has where there are
 * none: else the time of the answer would tell that there are others.
 */
static int
second_block(uint8_t block[CAIRN_HELLO_BLOCK_BYTES], const struct talk *talk, const struct state *s, uint32_t day)
{
	struct cairn_passphrase pass = s->more.second;
	struct cairn_conversation second;
	uint8_t root[CAIRN_KEY_BYTES], entropy[32];
	int err;

	randombytes_buf(entropy, sizeof(entropy));
	if (pass.bytes == 0)
		cairn_passphrase_new(&pass, NULL, entropy);
	err = cairn_passphrase_root(root, &pass, talk->desk_id);
	if (err == CAIRN_OK) {
		cairn_conversation_init(&second, root);
		cairn_hello_block(block, &second, day);
		cairn_conversation_clear(&second);
	}
	cairn_passphrase_clear(&pass);
	sodium_memzero(root, sizeof(root));
	sodium_memzero(entropy, sizeof(entropy));
	return err;
}

static void
put_window(struct letters *l, const struct state_more *m)
{
	uint8_t value[WINDOW_BYTES];

	put_u16(value, m->from);
	put_u16(value + 2, m->to);
	value[4] = EVERY_DAY;
	letters_put(l, CAIRN_TLV_answer_window, value, sizeof(value));
}

static void
put_statement(struct letters *l, uint8_t slot, struct cairn_span text)
{
	uint8_t value[1 + STATE_STATEMENT_MAX];

	value[0] = slot;
	memcpy(value + 1, text.text, text.size);
	letters_put(l, CAIRN_TLV_statement, value, 1 + text.size);
	sodium_memzero(value, sizeof(value));
}

static void
compose_more(struct letters *l, const struct state_more *m, const uint8_t second[CAIRN_HELLO_BLOCK_BYTES])
{
	uint8_t hour[4];

	put_u32(hour, m->check_in);
	if (m->check_in != 0)
		letters_put(l, CAIRN_TLV_check_in, hour, sizeof(hour));
	if (m->all_clear.size > 0)
		letters_put(l, CAIRN_TLV_all_clear, m->all_clear.text, m->all_clear.size);
	if (m->second.bytes > 0)
		letters_put(l, CAIRN_TLV_second, second, CAIRN_HELLO_BLOCK_BYTES);
	if (m->has_window)
		put_window(l, m);
	for (uint8_t slot = 0; slot < STATE_STATEMENTS; slot++)
		if (m->statements[slot].size > 0)
			put_statement(l, slot, m->statements[slot]);
}

/* Those that may stand once in a cell come first, the text last (net/letters.h). */
static int
compose(struct letters *l, const struct state *s, uint32_t day, const uint8_t second[CAIRN_HELLO_BLOCK_BYTES])
{
	const struct language *answer = &languages[s->answer_language];
	uint8_t needs[NEEDS];
	size_t count = 0;

	letters_begin_seeded(l, s->seed);
	letters_put(l, CAIRN_TLV_language, answer->tag, strlen(answer->tag));
	for (uint8_t need = 1; need < NEEDS; need++)
		if (s->needs & 1U << need)
			needs[count++] = need;
	if (count > 0)
		letters_put(l, CAIRN_TLV_need, needs, count);
	if (s->urgency > 0)
		letters_put(l, CAIRN_TLV_urgency, &s->urgency, 1);
	compose_more(l, &s->more, second);
	for (size_t i = 0; i < STATE_QUESTIONS; i++)
		if (s->questions[i].answer.size > 0)
			letters_put_numbered(l, CAIRN_TLV_answer, s->questions[i].id, s->questions[i].answer.text,
			    s->questions[i].answer.size);
	letters_text(l, s->text.text, s->text.size);
	return letters_end(l, day);
}

int
talk_send(const struct talk *talk, struct state *state)
{
	struct exchange *e;
	uint8_t entropy[32];
	int err = begin(&e, talk, state);

	if (err == CAIRN_OK)
		err = second_block(e->second, talk, state, e->client.hour / 24);
	if (err == CAIRN_OK)
		err = compose(&e->letters, state, e->client.hour / 24, e->second);
	if (err == CAIRN_OK) {
		randombytes_buf(entropy, sizeof(entropy));
		cairn_send_init(&e->send, &e->client, &state->session.memory, CAIRN_DOOR_INTAKE, &e->conv,
		    e->letters.list, e->letters.count, NULL, entropy);
		sodium_memzero(entropy, sizeof(entropy));
		err = net_send(e->net, &e->send, NULL);
		state->board_hour = e->send.opening.checkpoint.hour;
	}
	end(e);
	return err;
}

/* ---- the card ---- */

int
talk_card(const struct talk *talk, struct state *state, struct cairn_opening **ret)
{
	struct cairn_opening *opening = locked_new(sizeof(*opening));
	struct exchange *e = NULL;
	int err = opening == NULL ? CAIRN_ERR_NOMEM : begin(&e, talk, state);

	*ret = NULL;
	if (err == CAIRN_OK) {
		cairn_opening_init(opening, &e->client, &state->session.memory);
		err = net_open(e->net, opening, NULL);
	}
	end(e);
	if (err == CAIRN_OK)
		*ret = opening;
	else
		sodium_free(opening);
	return err;
}

void
talk_card_free(struct cairn_opening *opening)
{
	sodium_free(opening);
}

/* ---- looking ---- */

int
talk_look(const struct talk *talk, struct state *state, struct cairn_look **ret)
{
	struct cairn_look *look = locked_new(sizeof(*look));
	struct exchange *e = NULL;
	int err = look == NULL ? CAIRN_ERR_NOMEM : begin(&e, talk, state);

	*ret = NULL;
	if (err == CAIRN_OK) {
		cairn_look_init(look, &e->client, &e->conv, &state->session, state->since == 0 ? NULL : &state->since,
		    false);
		err = net_look(e->net, look, NULL);
		state->board_hour = look->opening.checkpoint.hour;
	}
	end(e);
	if (err == CAIRN_OK)
		*ret = look;
	else
		sodium_free(look);
	return err;
}

void
talk_look_free(struct cairn_look *look)
{
	sodium_free(look);
}
