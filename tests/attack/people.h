// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ATTACK_PEOPLE_H
#define ATTACK_PEOPLE_H

#include "lib/paper.h"

/*
 * Who is played in an attack: persons who write to a desk on paper and hear from it, and the keys that an
 * adversary can make of what was given to him.
 */

struct person {
	struct cairn_conversation conv;
	struct cairn_session session;
};

/* A person of this desk, with a root of p's randomness. Ended by person_free(). */
struct person *person_new(struct paper *p);
void person_free(struct person *person);

/* One letter of a text, or of the record second (the hello block of other, today). */
void letter_text(struct paper *p, struct cairn_letter *letter, const char *text);
void letter_second(struct paper *p, struct cairn_letter *letter, const struct person *other);

/* Sends letters to intake by the real machine with that entropy; the cells are in p->drop. */
void person_send_with(struct paper *p, struct person *person, const struct cairn_letter *letters, size_t count,
    const uint8_t entropy[32]);
/* The same with fresh entropy, as a client does it. */
void person_send(struct paper *p, struct person *person, const struct cairn_letter *letters, size_t count);
void person_say(struct paper *p, struct person *person, const char *text);

/* Publishes count batches, an hour apart, with a reply to each of people in the first. */
void desk_answers(struct paper *p, struct person *const *people, size_t count, const char *text);

/* Keys of 32 bytes, each once. */
struct keyring {
	uint8_t (*keys)[32];
	size_t count;
	size_t room;
};

void keyring_add(struct keyring *ring, const uint8_t key[32]);
/* key, and what derive makes of it under every label that the protocol or the code has. */
void keyring_add_labels(struct keyring *ring, const uint8_t key[32]);
/* The same with every context as well, and the labels twice over: some 600 keys. */
void keyring_add_derived(struct keyring *ring, const uint8_t key[32], uint32_t day);
void keyring_release(struct keyring *ring);

/* The info strings of sections 6 and 7. Return their length. */
size_t drop_info(uint8_t out[CAIRN_HPKE_INFO_MAX], const struct paper *p, const uint8_t *cell);
size_t reply_info(uint8_t out[CAIRN_HPKE_INFO_MAX], const struct paper *p, const uint8_t *cell, uint32_t day);

/* Does the seal of a cell open with this key? By the seal alone: what is in it does not matter. */
bool drop_seal_opens(const struct paper *p, const uint8_t *cell, const struct cairn_xwing_key *key);
bool reply_seal_opens(const struct paper *p, const uint8_t *cell, uint32_t day,
    const struct cairn_xwing_key *key);

#endif
