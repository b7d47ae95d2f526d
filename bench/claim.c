// SPDX-License-Identifier: GPL-3.0-or-later
#include <math.h>
#include <stdlib.h>

#include "bench.h"
#include "lib/claimed.h"

/* One claim offline, the largest there is, as whoever doubts it checks it: card, roster, text, log, witness. */
#define ROUNDS 200U

static void
must(int err)
{
	if (err != CAIRN_OK)
		bench_die("claim: %s", cairn_strerror(err));
}

static void
verify(const struct claimed *c)
{
	struct cairn_identity_chain chain;
	struct cairn_card card;
	struct cairn_roster roster;
	struct claim_check found;

	must(cairn_identity_read(&chain, "", 0, c->desk_id, NULL));
	must(cairn_card_open(&card, c->card_note.bytes, c->card_note.size, c->desk_id, &chain, CLAIMED_DAY, NULL));
	must(cairn_roster_open(&roster, c->roster_note.bytes, c->roster_note.size, c->desk_id, c->identity.key, 0));
	must(claim_check(&found, (struct cairn_span){(const char *)c->file, c->file_bytes}, &card, c->desk_id,
	    &roster));
	if (found.cosigned != 1 || !found.approvals.agreed)
		bench_die("claim: it was not checked whole");
}

void
bench_claim(void)
{
	struct claimed *c = calloc(1, sizeof *c);
	double runs[BENCH_RUNS];

	if (c == NULL)
		bench_die("memory");
	claimed_init(c, 500, 700);
	claimed_publish(c);
	claimed_witness(c);
	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		double begin = bench_cpu_seconds();

		for (unsigned j = 0; j < ROUNDS; j++)
			verify(c);
		runs[i] = (bench_cpu_seconds() - begin) * 1000 / ROUNDS;
	}
	bench_row("claim_verify_ms", bench_median(runs, BENCH_RUNS), "ms", NAN);
	claimed_release(c);
	free(c);
}
