// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_ERR_H
#define CAIRN_ERR_H

/*
 * What went wrong. CAIRN_OK is 0, everything else is negative.
 *
 * The library neither logs nor exits: it hands one of these up, and whoever talks to a person
 * finds the words. What a stranger on the network gets is chosen elsewhere and is always the same,
 * so these may be precise.
 */
enum cairn_err {
	CAIRN_OK = 0,
	CAIRN_ERR_FORMAT = -1,    /* bytes from outside are not what the protocol says */
	CAIRN_ERR_RANGE = -2,     /* a number, size or day outside its named limits */
	CAIRN_ERR_CRYPTO = -3,    /* a seal does not open, a signature or a hash does not match */
	CAIRN_ERR_KEY = -4,       /* a public key that must not be used (modulus, low order) */
	CAIRN_ERR_UNKNOWN = -5,   /* no such door, key, epoch, device, conversation, word */
	CAIRN_ERR_STALE = -6,     /* older than what was seen, or past its last day */
	CAIRN_ERR_CONFLICT = -7,  /* contradicts what is there: a fork, another text of the same size */
	CAIRN_ERR_CLOCK = -8,     /* own clock and the desk's differ by more than a day */
	CAIRN_ERR_SPACE = -9,     /* the caller's room is too small, or the disk is full */
	CAIRN_ERR_NOMEM = -10,    /* out of memory */
	CAIRN_ERR_IO = -11,       /* file, socket or database */
	CAIRN_ERR_DENIED = -12,   /* not allowed, or refused by the other side */
	CAIRN_ERR_BUSY = -13,     /* under load; try again later */
	CAIRN_ERR_STATE = -14,    /* a call out of its order */
};

/* A fixed English sentence without a full stop. Never NULL, also for numbers that are none of these. */
const char *cairn_strerror(int err);

#define CAIRN_NODISCARD __attribute__((warn_unused_result))

#endif
