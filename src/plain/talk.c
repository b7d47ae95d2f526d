// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/talk.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "net/drive.h"
#include "net/letters.h"
#include "plain/messages.h"

#define PATIENCE_MS 15000U /* for one request: the relay is on this machine */
#define NEEDS 16U

/* All that one exchange needs, in memory that is locked where the machine lets it, and wiped. */
struct exchange {
	struct net *net;
	struct cairn_client client;
	struct cairn_conversation conv;
	struct letters letters;
	struct cairn_send send;
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

/* Those that may stand once in a cell come first, the text last (net/letters.h). */
static int
compose(struct letters *l, const struct state *s, uint32_t day)
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
		err = compose(&e->letters, state, e->client.hour / 24);
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
