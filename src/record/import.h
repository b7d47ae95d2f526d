// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_IMPORT_H
#define CAIRN_RECORD_IMPORT_H

#include "record/emit.h"
#include "record/json.h"

/*
 * Takes a document into the record. What is there already is kept: values that differ are put anew, elements,
 * notes and marks that are lacking are added, nothing is dropped or cleared. Consent that was withdrawn here stays
 * so, whatever comes.
 */
struct record_import {
	const uint8_t *compartment; /* 16 bytes; NULL: the desk's own */
	const uint8_t *device;      /* who enters it, with now: for what does not say so itself. NULL: add nothing */
	uint64_t now;
	struct cairn_span from; /* what it comes from, likewise; may be empty */
};

struct record_imported {
	size_t fresh;   /* entities */
	size_t changed; /* that were there, and got something */
	size_t same;
};

/* All of it or nothing. */
CAIRN_NODISCARD int record_import(struct db *db, const struct record_sink *sink, const struct record_import *import,
    struct record_document *document, struct record_imported *ret);

#endif
