// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_verify.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <sodium.h>

#include "base/bytes.h"
#include "cairn/desk_keys.h"
#include "record/evidence_digest.h"
#include "record/evidence_stamp.h"
#include "record/evidence_token.h"

#define SENTENCE_MAX 512U
#define CLOCK_SLACK_S 600U /* how far a device's clock may be behind the authority's */
#define DAY_S 86400U
#define ID_SHOWN 9U /* 8 hex digits and a zero */

struct verifying {
	const struct evidence_bundle *b;
	const struct evidence_verify_options *o;
	struct evidence_verdict *v;
	bool identity; /* the desk's identity key is known to be its own */
	struct cairn_identity_chain chain;
	size_t roster_count;
	struct cairn_roster *rosters; /* those that the desk signed */
	bool *stamped;                /* by entry */
};

__attribute__((format(printf, 3, 4))) static void
say(struct verifying *v, enum evidence_finding finding, const char *format, ...)
{
	char sentence[SENTENCE_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	v->v->broken += finding == EVIDENCE_BROKEN;
	v->v->unchecked += finding == EVIDENCE_UNCHECKED;
	v->o->say(v->o->say_arg, finding, sentence);
}

const char *
evidence_when(char out[EVIDENCE_WHEN_BYTES], uint64_t at)
{
	time_t seconds = (time_t)at;
	struct tm tm;

	if (at > INT64_MAX || gmtime_r(&seconds, &tm) == NULL ||
	    strftime(out, EVIDENCE_WHEN_BYTES, "%Y-%m-%d %H:%M:%S UTC", &tm) == 0)
		snprintf(out, EVIDENCE_WHEN_BYTES, "second %llu", (unsigned long long)at);
	return out;
}

static const char *
short_id(char out[ID_SHOWN], const uint8_t *id)
{
	sodium_bin2hex(out, ID_SHOWN, id, (ID_SHOWN - 1) / 2);
	return out;
}

/* Lines of a log are counted from 1 through the whole bundle, as the report lists them. */
static size_t
number_of(const struct verifying *v, const struct evidence_bundle_entry *e)
{
	return (size_t)(e - v->b->entries) + 1;
}

/* --- the desk --- */

static void
check_desk(struct verifying *v)
{
	const struct evidence_bundle *b = v->b;
	bool whole = true;

	if (v->o->desk_id == NULL)
		say(v, EVIDENCE_UNCHECKED,
		    "Which desk it is stands in the bundle alone: compare its id with one you know.");
	else if (memcmp(v->o->desk_id, b->desk_id, CAIRN_HASH_BYTES) != 0)
		say(v, EVIDENCE_BROKEN, "The bundle is of another desk.");
	if (b->chain.size > 0)
		whole = cairn_identity_read(&v->chain, b->chain.text, b->chain.size, b->desk_id, NULL) == CAIRN_OK;
	v->identity = whole && cairn_identity_is(&v->chain, b->desk_id, b->identity_key) == CAIRN_OK;
	say(v, v->identity ? EVIDENCE_HOLDS : EVIDENCE_BROKEN, "The desk's identity key %s the desk's id.",
	    v->identity ? "belongs to" : "does not belong to");
}

static void
open_rosters(struct verifying *v)
{
	const struct evidence_bundle *b = v->b;

	for (size_t i = 0; i < b->roster_count; i++)
		if (cairn_roster_open(&v->rosters[v->roster_count], b->rosters[i].text, b->rosters[i].size,
			b->desk_id, b->identity_key, 0) == CAIRN_OK)
			v->roster_count++;
		else
			say(v, EVIDENCE_REMARK,
			    "Roster %zu of the bundle is not signed by the desk: it was passed over.", i + 1);
}

/* Does a roster of the desk name this key for this device on that day? */
static bool
on_a_roster(const struct verifying *v, const struct evidence_entry *e)
{
	struct cairn_device device;

	for (size_t i = 0; i < v->roster_count; i++)
		if (cairn_roster_find(&device, &v->rosters[i], e->device, (uint32_t)(e->at / DAY_S)) == CAIRN_OK &&
		    memcmp(device.sign_key, e->sign_key, sizeof(e->sign_key)) == 0)
			return true;
	return false;
}

static void
check_devices(struct verifying *v)
{
	size_t unknown = 0;

	open_rosters(v);
	if (v->roster_count == 0 || !v->identity) {
		say(v, EVIDENCE_UNCHECKED, "Whether the devices that signed were the desk's cannot be told: %s.",
		    v->identity ? "no roster of the desk is in the bundle" : "the desk's identity is in doubt");
		return;
	}
	for (size_t i = 0; i < v->b->entry_count; i++) {
		if (on_a_roster(v, &v->b->entries[i].entry))
			continue;
		unknown++;
		say(v, EVIDENCE_BROKEN,
		    "Line %zu is signed by a device that no roster of the desk names on that day.", i + 1);
	}
	if (unknown == 0)
		say(v, EVIDENCE_HOLDS, "Every device that signed was on the desk's roster that day.");
}

/* --- the chain --- */

static void
check_signatures(struct verifying *v)
{
	size_t bad = 0;

	for (size_t i = 0; i < v->b->entry_count; i++) {
		const struct evidence_bundle_entry *e = &v->b->entries[i];

		if (evidence_entry_check(e->bytes.text, e->bytes.size, &e->entry, v->b->desk_id) == CAIRN_OK)
			continue;
		bad++;
		say(v, EVIDENCE_BROKEN,
		    "The signature of line %zu does not hold: it was changed, or is of another desk.", i + 1);
	}
	if (bad == 0)
		say(v, EVIDENCE_HOLDS, "All %zu signatures hold.", v->b->entry_count);
}

static const struct evidence_bundle_entry *
find_entry(const struct verifying *v, const uint8_t *item, const uint8_t *hash)
{
	for (size_t i = 0; i < v->b->entry_count; i++)
		if (memcmp(v->b->entries[i].hash, hash, EVIDENCE_HASH_BYTES) == 0 &&
		    memcmp(v->b->entries[i].entry.item, item, EVIDENCE_ITEM_BYTES) == 0)
			return &v->b->entries[i];
	return NULL;
}

/* Everything that the entry stands on is there, stands in front of it, and is not later. */
static bool
check_links(struct verifying *v, const struct evidence_bundle_entry *e)
{
	bool good = true;

	for (size_t i = 0; i < e->entry.prev_count; i++) {
		const struct evidence_bundle_entry *prev = find_entry(v, e->entry.item, e->entry.prevs[i]);

		if (prev == NULL)
			say(v, EVIDENCE_BROKEN, "A line is missing in front of line %zu: the log has a gap.",
			    number_of(v, e));
		else if (prev >= e)
			say(v, EVIDENCE_BROKEN,
			    "Line %zu stands in front of one that it builds on: the order was changed.",
			    number_of(v, e));
		else if (prev->entry.at > e->entry.at)
			say(v, EVIDENCE_REMARK,
			    "Line %zu gives a time before that of line %zu, which it builds on: a clock "
			    "was wrong.",
			    number_of(v, e), number_of(v, prev));
		good = good && prev != NULL && prev < e;
	}
	return good;
}

static void
check_chain(struct verifying *v)
{
	bool good = true;

	for (size_t i = 0; i < v->b->entry_count; i++) {
		const struct evidence_bundle_entry *e = &v->b->entries[i];

		good = check_links(v, e) && good;
		for (size_t j = 0; j < i; j++) {
			const struct evidence_bundle_entry *other = &v->b->entries[j];

			if (memcmp(other->entry.item, e->entry.item, EVIDENCE_ITEM_BYTES) != 0)
				continue;
			if (memcmp(other->hash, e->hash, EVIDENCE_HASH_BYTES) == 0 ||
			    (other->entry.prev_count == 0 && e->entry.prev_count == 0)) {
				say(v, EVIDENCE_BROKEN, "Line %zu is a second beginning, or the same as line %zu.",
				    i + 1, j + 1);
				good = false;
			}
		}
	}
	if (good)
		say(v, EVIDENCE_HOLDS, "The lines are chained without a gap, in their order, from the first on.");
}

/* Lines that nothing builds on: more than one where devices wrote without knowing of each other. */
static void
check_heads(struct verifying *v)
{
	size_t heads = 0;

	for (size_t i = 0; i < v->b->entry_count; i++) {
		const struct evidence_bundle_entry *e = &v->b->entries[i];
		bool named = false;

		if (memcmp(e->entry.item, v->b->item, EVIDENCE_ITEM_BYTES) != 0)
			continue;
		for (size_t j = i + 1; !named && j < v->b->entry_count; j++)
			for (size_t k = 0; k < v->b->entries[j].entry.prev_count; k++)
				named = named ||
				    memcmp(v->b->entries[j].entry.prevs[k], e->hash, EVIDENCE_HASH_BYTES) == 0;
		heads += !named;
	}
	if (heads > 1)
		say(v, EVIDENCE_REMARK,
		    "The log ends in %zu lines side by side: devices wrote without knowing of each other.", heads);
	say(v, EVIDENCE_REMARK, "Whether lines were left out behind the last cannot be told from a log.");
}

/* --- time stamps --- */

static const struct cairn_span *
find_token(const struct verifying *v, const uint8_t *root)
{
	for (size_t i = 0; i < v->b->token_count; i++)
		if (memcmp(v->b->tokens[i].text, root, 32) == 0)
			return &v->b->tokens[i];
	return NULL;
}

static void
judge_time(struct verifying *v, const struct evidence_bundle_entry *of, const struct evidence_token *token)
{
	char when[EVIDENCE_WHEN_BYTES], claims[EVIDENCE_WHEN_BYTES];

	evidence_when(when, token->at);
	if (of->entry.at > token->at && of->entry.at - token->at > CLOCK_SLACK_S) {
		say(v, EVIDENCE_BROKEN, "Line %zu says that it was written at %s, but was stamped before, at %s.",
		    number_of(v, of), evidence_when(claims, of->entry.at), when);
		return;
	}
	if (v->o->ca.size == 0) {
		say(v, EVIDENCE_UNCHECKED,
		    "A time stamp says that line %zu was there at %s; no certificates were given to "
		    "check it with.",
		    number_of(v, of), when);
		return;
	}
	v->stamped[of - v->b->entries] = true;
	say(v, EVIDENCE_HOLDS, "Line %zu was there at %s at the latest, says the authority \"%s\".", number_of(v, of),
	    when, token->tsa);
}

static void
check_stamp(struct verifying *v, const struct evidence_bundle_entry *e)
{
	const uint8_t *root = evidence_get(&e->entry, EVIDENCE_FIELD_ROOT);
	const struct evidence_bundle_entry *of =
	    find_entry(v, e->entry.item, evidence_get(&e->entry, EVIDENCE_FIELD_STAMPED_ENTRY));
	const struct cairn_span *answer = find_token(v, root);
	struct evidence_token token;
	int err;

	if (of == NULL || evidence_stamp_check(&e->entry) != CAIRN_OK) {
		say(v, EVIDENCE_BROKEN,
		    "The proof in line %zu does not lead from a line of this log to the stamped root.",
		    number_of(v, e));
		return;
	}
	if (answer == NULL) {
		say(v, EVIDENCE_UNCHECKED, "The time stamp that line %zu speaks of is not in the bundle.",
		    number_of(v, e));
		return;
	}
	err =
	    evidence_token_check(&token, (const uint8_t *)answer->text + 32, answer->size - 32, root, NULL, v->o->ca);
	if (err == CAIRN_ERR_RANGE)
		say(v, EVIDENCE_UNCHECKED,
		    "The certificates given cannot be read, so the time stamp of line %zu was not checked.",
		    number_of(v, of));
	else if (err != CAIRN_OK)
		say(v, EVIDENCE_BROKEN, "The time stamp of line %zu does not hold under the certificates given.",
		    number_of(v, of));
	else
		judge_time(v, of, &token);
}

static void
check_stamps(struct verifying *v)
{
	size_t without = 0;

	for (size_t i = 0; i < v->b->entry_count; i++)
		if (v->b->entries[i].entry.action == EVIDENCE_STAMPED)
			check_stamp(v, &v->b->entries[i]);
	for (size_t i = 0; i < v->b->entry_count; i++) {
		const struct evidence_entry *e = &v->b->entries[i].entry;

		if (memcmp(e->item, v->b->item, EVIDENCE_ITEM_BYTES) != 0)
			continue;
		v->v->entries++;
		v->v->stamped += v->stamped[i];
		without += e->action != EVIDENCE_STAMPED && !v->stamped[i];
	}
	if (without > 0)
		say(v, EVIDENCE_UNCHECKED,
		    "%zu line%s of this item's log %s no time stamp that was checked: their times rest on "
		    "the clocks of the devices.",
		    without, without == 1 ? "" : "s", without == 1 ? "has" : "have");
}

/* --- originals and copies --- */

static const struct evidence_entry *
root_of(const struct verifying *v, const uint8_t *item)
{
	for (size_t i = 0; i < v->b->entry_count; i++)
		if (v->b->entries[i].entry.prev_count == 0 &&
		    memcmp(v->b->entries[i].entry.item, item, EVIDENCE_ITEM_BYTES) == 0)
			return &v->b->entries[i].entry;
	return NULL;
}

/* Does the source's log say that this copy was made, with this hash? */
static bool
source_tells(const struct verifying *v, const struct evidence_entry *copy)
{
	for (size_t i = 0; i < v->b->entry_count; i++) {
		const struct evidence_entry *e = &v->b->entries[i].entry;

		if ((e->action == EVIDENCE_COPIED || e->action == EVIDENCE_REDACTED) &&
		    memcmp(e->item, evidence_get(copy, EVIDENCE_FIELD_SOURCE), EVIDENCE_ITEM_BYTES) == 0 &&
		    memcmp(evidence_get(e, EVIDENCE_FIELD_COPY), copy->item, EVIDENCE_ITEM_BYTES) == 0 &&
		    memcmp(evidence_get(e, EVIDENCE_FIELD_COPY_SHA256), evidence_get(copy, EVIDENCE_FIELD_SHA256),
			32) == 0)
			return true;
	}
	return false;
}

static void
check_derived(struct verifying *v, const struct evidence_entry *copy)
{
	const struct evidence_entry *source = root_of(v, evidence_get(copy, EVIDENCE_FIELD_SOURCE));
	char a[ID_SHOWN], b[ID_SHOWN];

	short_id(a, copy->item);
	short_id(b, evidence_get(copy, EVIDENCE_FIELD_SOURCE));
	if (source == NULL)
		say(v, EVIDENCE_UNCHECKED, "Item %s is a copy made of item %s, whose log is not in the bundle.", a,
		    b);
	else if (memcmp(evidence_get(source, EVIDENCE_FIELD_SHA256), evidence_get(copy, EVIDENCE_FIELD_SOURCE_SHA256),
		     32) != 0)
		say(v, EVIDENCE_BROKEN, "Item %s says that it was made of another content than item %s has.", a, b);
	else if (!source_tells(v, copy))
		say(v, EVIDENCE_BROKEN, "The log of item %s does not tell of the copy %s.", b, a);
	else
		say(v, EVIDENCE_HOLDS, "Item %s was made of item %s: both logs say so, with the same hashes (%.*s).",
		    a, b, (int)copy->fields[EVIDENCE_FIELD_METHOD].size, copy->fields[EVIDENCE_FIELD_METHOD].text);
}

static void
check_copies(struct verifying *v)
{
	for (size_t i = 0; i < v->b->entry_count; i++)
		if (v->b->entries[i].entry.action == EVIDENCE_DERIVED)
			check_derived(v, &v->b->entries[i].entry);
}

/* --- the content --- */

static int
hash_content(const struct evidence_verify_options *o, uint64_t *ret_size, uint8_t sha256[32], uint8_t blake2b[32])
{
	static const size_t room = 1U << 18;
	struct evidence_digest digest = {0};
	uint8_t *buffer = malloc(room);
	size_t bytes = 1;
	int err = buffer == NULL ? CAIRN_ERR_NOMEM : evidence_digest_begin(&digest);

	*ret_size = 0;
	while (err == CAIRN_OK && bytes > 0) {
		err = o->content(o->content_arg, buffer, room, &bytes);
		if (err == CAIRN_OK)
			evidence_digest_put(&digest, buffer, bytes);
		*ret_size += bytes;
	}
	evidence_digest_end(&digest, sha256, blake2b);
	free(buffer);
	return err;
}

static int
check_content(struct verifying *v)
{
	const struct evidence_entry *root = root_of(v, v->b->item);
	uint8_t sha256[32] = {0}, blake2b[32] = {0};
	uint64_t size;
	int err;

	if (root == NULL) {
		say(v, EVIDENCE_BROKEN, "The log does not begin: nothing says what the item was when it came.");
		return CAIRN_OK;
	}
	if (v->o->content == NULL) {
		say(v, EVIDENCE_UNCHECKED, "The content is not here, so it was not compared with its hashes.");
		return CAIRN_OK;
	}
	err = hash_content(v->o, &size, sha256, blake2b);
	if (err != CAIRN_OK)
		return err;
	if (size == get_u64(evidence_get(root, EVIDENCE_FIELD_SIZE)) &&
	    memcmp(sha256, evidence_get(root, EVIDENCE_FIELD_SHA256), 32) == 0 &&
	    memcmp(blake2b, evidence_get(root, EVIDENCE_FIELD_BLAKE2B), 32) == 0)
		say(v, EVIDENCE_HOLDS,
		    "The content is, to the bit, what the first line describes (SHA-256 and BLAKE2b).");
	else
		say(v, EVIDENCE_BROKEN,
		    "The content is not what the first line describes: it was changed, or is another file.");
	return CAIRN_OK;
}

int
evidence_verify(struct evidence_verdict *verdict, const struct evidence_bundle *bundle,
    const struct evidence_verify_options *options)
{
	struct verifying v = {.b = bundle, .o = options, .v = verdict};
	int err;

	memset(verdict, 0, sizeof(*verdict));
	v.stamped = calloc(bundle->entry_count + 1, sizeof(*v.stamped));
	v.rosters = calloc(bundle->roster_count + 1, sizeof(*v.rosters));
	if (v.stamped == NULL || v.rosters == NULL) {
		free(v.stamped);
		free(v.rosters);
		return CAIRN_ERR_NOMEM;
	}
	check_desk(&v);
	check_signatures(&v);
	check_devices(&v);
	check_chain(&v);
	err = check_content(&v);
	check_copies(&v);
	check_stamps(&v);
	check_heads(&v);
	free(v.stamped);
	free(v.rosters);
	return err;
}
