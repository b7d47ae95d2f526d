// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_MANY_H
#define TESTS_LIB_MANY_H

#include "carry/carry.h"
#include "carry/cases.h"
#include "carry/devices.h"
#include "carry/duties.h"
#include "carry/say.h"
#include "carry/sync.h"
#include "carry/view.h"
#include "carry/welcoming.h"
#include "lib/paper_feed.h"
#include "vault/vault.h"

/*
 * A desk of many devices, each with an engine of its own on a database in memory, and the feed of a relay on paper
 * between them. Whatever cannot happen aborts. The clock stands still until a test moves it.
 */
#define MANY_DEVICES_MAX 32U

struct many;

struct many_device {
	struct many *desk;
	size_t i;
	struct db *db;
	struct vault *vault; /* NULL: in memory */
	struct erasure *erasure;
	struct carry *carry;
	struct carry_self self;
	struct carry_hooks hooks; /* set by a test, before many_restart() */
	char roles[128];
	bool joined;
	bool gone;        /* left out of the next roster */
	bool cut_off;     /* no answer from the relay */
	unsigned cut_after; /* so many requests more; 0: no end */
	bool answer_lost; /* the next request is done, and its answer lost */
	bool twice;       /* the next request comes twice */
	int64_t skew;     /* of its clock, seconds */
	uint8_t xwing_seed[32];
};

struct many {
	uint64_t now;
	const char *folder;   /* where the devices' vaults are, <i>.vault; NULL: databases in memory */
	uint64_t vault_bytes; /* how large the vault of the next device is */
	uint8_t identity_secret[64];
	uint8_t identity_key[32];
	uint8_t desk_id[CAIRN_HASH_BYTES];
	uint64_t roster_serial;
	uint8_t roster[CAIRN_NOTE_BYTES_MAX];
	size_t roster_bytes;
	size_t count;
	struct many_device devices[MANY_DEVICES_MAX];
	struct paper_feed feed;
};

/* A desk with its first device, whose roles are "admin,intake,publish" and what is given behind. */
struct many *many_new(const char *roles);
/* The same with each device in a vault: folder/<i>.vault, whose master key is many_master(). */
struct many *many_new_vaults(const char *roles, const char *folder, uint64_t vault_bytes);
void many_master(uint8_t master[CAIRN_KEY_BYTES], size_t i);
void many_free(struct many *m);

/* One more: admitted by the first device that is an admin, joined and synced. */
struct many_device *many_join(struct many *m, const char *roles);
/* Only admitted; the admin's next sync says the desk's state. */
struct many_device *many_admit(struct many *m, const char *roles, struct carry_welcome *welcome);
/* One that was away for so long that it understands nothing any more: again, with the keys that it has. */
void many_readmit(struct many_device *d);

/* A new roster, without those that are gone. Said by the first device. */
void many_roster(struct many *m);

/* One sync. The error is returned; many_synced() aborts where it is not CAIRN_OK. */
int many_sync(struct many_device *d, struct sync *ret);
void many_synced(struct many_device *d);
/* All that are not cut off, until nobody has anything to do. */
void many_settle(struct many *m);

/* The engine ends and begins again, as after a crash: what was not committed is gone. */
void many_restart(struct many_device *d);

uint64_t many_now(const struct many_device *d);

/* A new case with a contact compartment, which the first device opens; everybody has synced then. */
void many_contact(struct many *m, uint8_t id[OP_ID_BYTES], uint8_t case_id[OP_ID_BYTES]);
/* The device says a note there; nobody has synced yet. */
void many_note(struct many_device *d, const uint8_t id[OP_ID_BYTES], const char *text);

#endif
