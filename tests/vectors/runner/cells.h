// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef VECTORS_CELLS_H
#define VECTORS_CELLS_H

#include "run.h"

/* What drop cells and reply cells have in common: the records of a row against a plaintext. */

/* Writes the row's records, one after the other, into plain[size], which is filled with zeros. */
void records_write(struct run *r, const json_t *row, uint8_t *plain, size_t size);
/* plain holds exactly the row's records, in their order. */
void records_expect(struct run *r, const json_t *row, const uint8_t *plain, size_t size);
/* The field "plaintext", filled with zeros to size. */
uint8_t *plaintext_filled(struct run *r, const json_t *row, size_t size);

#endif
