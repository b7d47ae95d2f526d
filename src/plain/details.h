// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_DETAILS_H
#define CAIRN_PLAIN_DETAILS_H

#include <stdbool.h>
#include <stdint.h>

#include "cairn/span.h"

/* Dates as the browser's fields send them: 2026-11-22, 2026-11-22T18:05, 18:05. Years 1970 to 2105. */
bool day_typed(uint32_t *ret_day, struct cairn_span text);
/* zone: minutes that the text is ahead of UTC. */
bool hour_typed(uint32_t *ret_hour, struct cairn_span text, int zone);

/* A time of day, 18:05, in minutes. */
bool minutes_typed(unsigned *ret_minutes, struct cairn_span text);
/* What the clock on the wall is ahead of UTC, in minutes: -10 to 14 hours, by quarters, as times on Earth are. */
int zone_of(unsigned wall, unsigned utc);

#endif
