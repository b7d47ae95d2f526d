// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_DETAILS_H
#define CAIRN_PLAIN_DETAILS_H

#include <stdbool.h>
#include <stdint.h>

#include "cairn/span.h"

/* Dates as the browser's fields send them: 2026-11-22 and 2026-11-22T18:05. Years 1970 to 2105. */
bool day_typed(uint32_t *ret_day, struct cairn_span text);
bool hour_typed(uint32_t *ret_hour, struct cairn_span text);

#endif
