// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/found.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "carry/publisher.h"
#include "carry/say.h"
#include "desk/epoch.h"
#include "desk/share_file.h"
#include "desk/roster.h"

/* What a founding makes on the way; secret, in locked memory. */
struct found {
	struct desk_self self;
	uint8_t identity_secret[64];
	struct share shares[SHARES];
	bool written; /* the shares' files are there */
};

static int
found_trouble(char *trouble, int err, const char *text, const char *what)
{
	snprintf(trouble, DESK_TROUBLE_MAX, "%.150s%s%.300s", text, what[0] == '\0' ? "" : ": ", what);
	return err;
}

static const char *
founding_roles(const struct founding *founding)
{
	return founding->roles == NULL ? ROSTER_ROLES_DEFAULT : founding->roles;
}

static struct cairn_span
span_of(const char *text)
{
	return (struct cairn_span){text, strlen(text)};
}

static bool
found_name_ok(const char *name)
{
	return name == NULL || card_line_ok(name, OP_ALIAS_MAX);
}

int
founding_check(const struct founding *founding, char trouble[DESK_TROUBLE_MAX])
{
	const struct card_wish *wish = &founding->wish;

	trouble[0] = '\0';
	if (wish->name == NULL || !card_line_ok(wish->name, DESK_NAME_MAX))
		return found_trouble(trouble, CAIRN_ERR_RANGE, "the desk's name must be 1 to "
							       "128 bytes of plain text",
		    "");
	if (wish->relay_url == NULL || wish->relay_key == NULL || !card_url_ok(wish->relay_url))
		return found_trouble(trouble, CAIRN_ERR_RANGE,
		    "the relay's address must begin with http:// or https:// and not end in a slash", "");
	for (size_t i = 0; i < wish->lang_count; i++)
		if (!card_lang_ok(wish->langs[i]))
			return found_trouble(trouble, CAIRN_ERR_RANGE, "not a language tag like "
								       "en or ru",
			    wish->langs[i]);
	for (size_t i = 0; i < wish->never_count; i++)
		if (!card_line_ok(wish->never_asks[i], 512))
			return found_trouble(trouble, CAIRN_ERR_RANGE, "not one line of plain "
								       "text",
			    wish->never_asks[i]);
	if (!found_name_ok(founding->alias) || !found_name_ok(founding->owner))
		return found_trouble(trouble, CAIRN_ERR_RANGE, "the names of device and owner are 1 to 64 "
		    "bytes of plain text",
		    "");
	if (!roster_roles_ok(span_of(founding_roles(founding))))
		return found_trouble(trouble, CAIRN_ERR_RANGE, "not a list of roles like intake,case,security",
		    founding_roles(founding));
	if (wish->days > CAIRN_CARD_DAYS_MAX)
		return found_trouble(trouble, CAIRN_ERR_RANGE, "a card holds at most 100 days", "");
	if (founding->intake_days == 1 || founding->intake_days > 7)
		return found_trouble(trouble, CAIRN_ERR_RANGE, "intake keys are out 2 to 7 days ahead", "");
	if (founding->batch_cells > CAIRN_BATCH_CELLS_MAX)
		return found_trouble(trouble, CAIRN_ERR_RANGE, "a batch has 1 to 64 cells", "");
	return CAIRN_OK;
}

static void
found_keys(struct found *found, const struct founding *founding, uint32_t today)
{
	struct desk_self *self = &found->self;
	uint8_t public_key[32];

	crypto_sign_keypair(self->identity_key, found->identity_secret);
	cairn_hash(self->desk_id, self->identity_key, sizeof(self->identity_key));
	crypto_sign_keypair(public_key, self->board_secret);
	crypto_sign_keypair(public_key, self->sign_secret);
	randombytes_buf(self->xwing_seed, sizeof(self->xwing_seed));
	randombytes_buf(self->device_id, sizeof(self->device_id));
	self->batch_cells = founding->batch_cells == 0 ? CAIRN_BATCH_CELLS : founding->batch_cells;
	self->intake_days = founding->intake_days == 0 ? DESK_INTAKE_DAYS : founding->intake_days;
	self->campaign_days = DESK_CAMPAIGN_DAYS;
	self->trusted_day = today;
	self->turned_day = today;
}

static int
found_shares(struct found *found, const struct founding *founding, char *trouble)
{
	char path[SHARE_PATH_MAX];
	int err = shares_split(found->shares, found->identity_secret, found->self.desk_id);

	if (err != CAIRN_OK)
		return found_trouble(trouble, err, "the identity key could not be split", cairn_strerror(err));
	err = shares_put(path, founding->shares_folder, found->shares, found->self.name, SHARE_OF_IDENTITY);
	found->written = err == CAIRN_OK;
	return err == CAIRN_OK ? CAIRN_OK : found_trouble(trouble, err, "a share could not be written", path);
}

static int
found_notes(struct db *state, struct found *found, const struct founding *founding, uint32_t today)
{
	int err = card_make(state, &found->self, NULL, &founding->wish, 1, today, found->identity_secret);

	if (err == CAIRN_OK)
		err = roster_found(state, &found->self, span_of(founding_roles(founding)), today,
		    found->identity_secret);
	if (err == CAIRN_OK)
		err = desk_self_write(state, &found->self);
	if (err == CAIRN_OK)
		err = epoch_make(state, &found->self, today);
	return err;
}

/* The first device's place in the feed, and its term as the publisher: said with the first sync. */
static int
found_engine_with(struct carry *carry, struct found *found, const struct founding *founding, uint64_t now)
{
	struct op_publisher publisher = {.term = 1};
	struct op_device device = {.first_day = desk_day(now)};
	struct cairn_xwing_key key;
	struct cairn_span roster;
	uint8_t *bytes;
	size_t size;
	int err = state_note_get(carry->db, "roster", &bytes, &size, NULL);

	roster = (struct cairn_span){(const char *)bytes, size};
	memcpy(device.device, found->self.device_id, sizeof(device.device));
	memcpy(device.sign_key, found->self.sign_secret + 32, sizeof(device.sign_key));
	cairn_xwing_key_init(&key, found->self.xwing_seed);
	memcpy(device.receive_key, key.public_key, sizeof(device.receive_key));
	cairn_xwing_key_clear(&key);
	device.alias = span_of(founding->alias == NULL ? "first" : founding->alias);
	device.owner = founding->owner == NULL ? device.alias : span_of(founding->owner);
	memcpy(publisher.device, device.device, sizeof(publisher.device));
	if (err == CAIRN_OK)
		err = carry_found(carry, &device, roster, now);
	if (err == CAIRN_OK)
		err = say(carry, carry_desk_compartment, OP_PUBLISHER, &publisher, now, NULL);
	free(bytes);
	return err;
}

static int
found_engine(struct db *state, struct found *found, const struct founding *founding, uint64_t now)
{
	struct carry_self self;
	struct carry *carry;
	int err;

	desk_carry_self(&self, &found->self);
	err = carry_new(&carry, state, erasure_of(state), &self);
	if (err == CAIRN_OK)
		err = found_engine_with(carry, found, founding, now);
	carry_free(carry);
	sodium_memzero(&self, sizeof(self));
	return err;
}

static int
found_state(struct db *state, struct found *found, const struct founding *founding, uint64_t now,
    char *trouble)
{
	int err = db_begin(state);

	if (err == CAIRN_OK) {
		err = found_notes(state, found, founding, desk_day(now));
		if (err == CAIRN_OK)
			err = found_engine(state, found, founding, now);
		if (err != CAIRN_OK)
			found_trouble(trouble, err, "card, roster or keys could not be made", cairn_strerror(err));
		else
			err = found_shares(found, founding, trouble);
		err = db_end(state, err);
	}
	if (err != CAIRN_OK && trouble[0] == '\0')
		found_trouble(trouble, err, "the vault cannot be written", cairn_strerror(err));
	return err;
}

int
desk_found(struct desk_self *self, char share_names[SHARES][SHARE_NAME_MAX], const struct founding *founding,
    uint64_t now, char trouble[DESK_TROUBLE_MAX])
{
	struct found *found = sodium_malloc(sizeof(*found));
	int err;

	trouble[0] = '\0';
	if (found == NULL)
		return found_trouble(trouble, CAIRN_ERR_NOMEM, "not enough memory", "");
	memset(found, 0, sizeof(*found));
	err = founding_check(founding, trouble);
	if (err != CAIRN_OK)
		goto out;
	found_keys(found, founding, desk_day(now));
	err = found_state(founding->state, found, founding, now, trouble);
	if (err != CAIRN_OK) {
		if (found->written)
			shares_remove(founding->shares_folder, found->shares, SHARE_OF_IDENTITY);
		goto out;
	}
	*self = found->self;
	for (size_t i = 0; i < SHARES; i++)
		share_file_name(share_names[i], &found->shares[i]);
out:
	sodium_free(found);
	return err;
}
