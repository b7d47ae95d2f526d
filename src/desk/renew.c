// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/card.h"

#include <sodium.h>

#include "base/text.h"

/* The card of a desk that stands: reading it, and making the next one from two shares. */

int
card_read(struct desk *desk, struct cairn_card *card, uint8_t **ret_bytes, size_t *ret_size, uint32_t today)
{
	struct cairn_identity_chain chain;
	uint64_t serial;
	int err = state_note_get(desk->state, "card", ret_bytes, ret_size, &serial);

	if (err == CAIRN_OK)
		err = cairn_identity_read(&chain, NULL, 0, desk->self.desk_id, NULL);
	if (err == CAIRN_OK)
		err = cairn_card_open(card, *ret_bytes, *ret_size, desk->self.desk_id, &chain, today, NULL);
	if (err == CAIRN_OK)
		return CAIRN_OK;
	if (err == CAIRN_ERR_STALE)
		desk_trouble(desk, err,
		    "the card has run out: nobody can write to the desk until there is a new one "
		    "('cairn desk card --renew' with two shares)");
	else
		desk_trouble(desk, err, "the card does not hold on this day (%s): check this machine's clock",
		    cairn_strerror(err));
	return err;
}

int
identity_rebuild(struct desk *desk, uint8_t secret[64], const struct share *a, const struct share *b)
{
	uint8_t seed[SHARE_SEED_BYTES];
	uint8_t public_key[32];
	int err = CAIRN_ERR_CONFLICT;

	if (memcmp(a->desk_id, desk->self.desk_id, CAIRN_HASH_BYTES) == 0)
		err = shares_join(seed, a, b, desk->self.identity_key);
	if (err == CAIRN_OK)
		crypto_sign_seed_keypair(public_key, secret, seed);
	sodium_memzero(seed, sizeof(seed));
	switch (err) {
	case CAIRN_OK:
		return CAIRN_OK;
	case CAIRN_ERR_RANGE:
		return desk_trouble(desk, err, "that is the same share twice: two different ones are needed");
	case CAIRN_ERR_CONFLICT:
		return desk_trouble(desk, err, "these shares are not both of this desk: look at the desk's number in "
					       "their file names");
	default:
		return desk_trouble(desk, err, "these two shares do not give this desk's "
					       "identity key: try the third");
	}
}

/* The last day that a note of ours names, without opening it. */
static uint32_t
card_last_day(const uint8_t *bytes, size_t size)
{
	struct cairn_span rest = {(const char *)bytes, size};
	uint64_t day = 0;

	while (rest.text != NULL) {
		struct cairn_span value = span_cut(&rest, '\n');
		struct cairn_span keyword = span_cut(&value, ' ');

		if (span_is(keyword, "not-after") && text_number(&day, value, UINT32_MAX) == CAIRN_OK)
			break;
	}
	return (uint32_t)day;
}

/* The card in force as it was on its last day: also one that has run out says what the next shall say. */
int
card_read_any(struct desk *desk, struct cairn_card *card, uint8_t **bytes)
{
	struct cairn_identity_chain chain;
	size_t size;
	int err = state_note_get(desk->state, "card", bytes, &size, NULL);

	if (err == CAIRN_OK)
		err = cairn_identity_read(&chain, NULL, 0, desk->self.desk_id, NULL);
	if (err == CAIRN_OK)
		err = cairn_card_open(card, *bytes, size, desk->self.desk_id, &chain,
		    card_last_day(*bytes, size), NULL);
	return desk_state_trouble(desk, err);
}

static int
card_renew_locked(struct desk *desk, struct desk_self *self, const struct card_wish *wish, uint32_t today,
    const uint8_t secret[64])
{
	struct cairn_card old;
	uint8_t *bytes;
	int err = card_read_any(desk, &old, &bytes);

	if (err == CAIRN_OK)
		err = card_make(desk->state, self, &old, wish, old.serial + 1, today, secret);
	if (err == CAIRN_OK)
		err = desk_self_named(desk->state, self);
	free(bytes);
	return err;
}

int
card_renew(struct desk *desk, const struct card_wish *wish, const struct share *a, const struct share *b,
    uint64_t now)
{
	struct desk_self *self = sodium_malloc(sizeof(*self));
	uint8_t secret[64];
	int err = self == NULL ? CAIRN_ERR_NOMEM : identity_rebuild(desk, secret, a, b);

	if (err != CAIRN_OK)
		goto out;
	*self = desk->self;
	err = db_begin(desk->state);
	if (err == CAIRN_OK)
		err = db_end(desk->state, card_renew_locked(desk, self, wish, desk_day(now), secret));
	if (err == CAIRN_OK)
		desk->self = *self;
	else if (desk->trouble[0] == '\0')
		desk_trouble(desk, err, "the card could not be made: %s", cairn_strerror(err));
out:
	sodium_memzero(secret, sizeof(secret));
	sodium_free(self);
	return err;
}
