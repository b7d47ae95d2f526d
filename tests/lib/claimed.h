// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef TESTS_LIB_CLAIMED_H
#define TESTS_LIB_CLAIMED_H

#include "lib/signed.h"
#include "site/claim_file.h"
#include "site/claim_secrets.h"

/*
 * A desk that makes claims: card, roster of four devices, a log in a folder of its own, one witness. Whatever cannot
 * happen aborts. Large: allocate it.
 */
#define CLAIMED_DAY 17400U /* 2017-08-22 */

enum claimed_device {
	CLAIMED_PUBLISHER,
	CLAIMED_DOCUMENTALIST,
	CLAIMED_SECURITY,
	CLAIMED_INTAKE,
	CLAIMED_DEVICES,
};

struct claimed {
	struct signer identity, site, witness, devices[CLAIMED_DEVICES];
	uint8_t ids[CLAIMED_DEVICES][CAIRN_DEVICE_ID_BYTES];
	uint8_t desk_id[CAIRN_HASH_BYTES];
	struct signed_note card_note, roster_note;
	struct cairn_card card;
	struct cairn_roster roster;
	char folder[64];
	struct site_log log;
	struct claim claim; /* what will be said; set before claimed_write() */
	struct claim_secrets secrets;
	uint8_t note[CAIRN_NOTE_BYTES_MAX]; /* the text, then the note */
	size_t note_bytes;
	uint8_t file[CLAIM_FILE_MAX];
	size_t file_bytes;
};

/* A claim of at least accounts, with real accounts behind it, is ready to be written. */
void claimed_init(struct claimed *c, uint32_t accounts, size_t real);
void claimed_release(struct claimed *c);

/* The text, with fresh commitments, in c->note. */
void claimed_write(struct claimed *c);
/* A device agrees. */
void claimed_approve(struct claimed *c, enum claimed_device device);
/* Text, publisher, documentalist, log, file. */
void claimed_publish(struct claimed *c);
/* The witness signs the log's checkpoint, and the file is made anew. */
void claimed_witness(struct claimed *c);

/* Checks c->file; with the roster. */
int claimed_check(const struct claimed *c, struct claim_check *found);

#endif
