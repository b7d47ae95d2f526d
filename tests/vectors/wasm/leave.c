// SPDX-License-Identifier: GPL-3.0-or-later
#include "run.h"

/* There is no longjmp in WASM: the script outside catches what it throws (run.mjs). */

__attribute__((import_module("runner"), import_name("try"))) int runner_try(row_fn *fn, struct run *r,
    const json_t *row);
__attribute__((import_module("runner"), import_name("leave"), noreturn)) void runner_leave(void);

__attribute__((export_name("call_row"))) void
call_row(row_fn *fn, struct run *r, const json_t *row)
{
	fn(r, row);
}

bool
row_holds(struct run *r, const json_t *row, row_fn *fn)
{
	return runner_try(fn, r, row) != 0;
}

void
row_leave(void)
{
	runner_leave();
}
