// SPDX-License-Identifier: GPL-3.0-or-later
#include "carry/faults.h"

#include <string.h>

int
faults_of(struct carry *carry, struct fault *ret, uint64_t device)
{
	struct query q = carry_query(carry, CARRY_FAULT_GET);

	memset(ret, 0, sizeof(*ret));
	bind_int(&q, device);
	if (query_row(&q))
		*ret = (struct fault){query_int(&q, 0), query_int(&q, 1), (uint32_t)query_int(&q, 2)};
	return query_end(&q);
}

int
fault_note(struct carry *carry, bool *ret_first, uint64_t device, uint64_t seq, uint32_t day)
{
	struct fault before;
	struct query q;
	int err = faults_of(carry, &before, device);

	*ret_first = err == CAIRN_OK && (before.records == 0 || before.day < day);
	if (err != CAIRN_OK)
		return err;
	q = carry_query(carry, CARRY_FAULT_ADD);
	bind_int(&q, device);
	bind_int(&q, seq);
	bind_int(&q, day);
	return query_run(&q);
}
