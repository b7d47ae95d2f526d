// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_EXPOSURE_H
#define CAIRN_CARRY_EXPOSURE_H

#include "carry/compartments.h"

/*
 * If a device is taken now, what does whoever has it know? Out of what all devices know: which device is a member of
 * what. Names are another matter: they are in compartments, and shown only to who is a member there.
 */
struct exposed {
	struct carry_compartment compartment;
	bool together; /* the device sees two kinds of this case that should be apart */
	bool to_come;  /* its time has not begun to run: the person, the leg, the stay is still to come or goes on */
};

struct exposure {
	struct exposed *list; /* by case */
	size_t count;
	size_t cases; /* people */
	size_t legs;  /* still to come, or under way */
	size_t stays;
};

/* Of these devices together, by row: one, or all on which one person works. To be ended with exposure_end(). */
CAIRN_NODISCARD int exposure_of(struct carry *carry, struct exposure *ret, const uint64_t *devices, size_t count);
void exposure_end(struct exposure *exposure);

/* For the desk as a whole: the device, and the two, that expose most people. */
struct exposure_most {
	size_t people; /* in care, all of them */
	uint64_t one;  /* its row; 0: nobody exposes anybody */
	size_t one_exposes;
	uint64_t two[2];
	size_t two_expose;
};
CAIRN_NODISCARD int exposure_most(struct carry *carry, struct exposure_most *ret);

#endif
