// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/details.h"

#include <string.h>
#include <time.h>

#define DAY_BYTES 10U
#define HOUR_BYTES 16U
#define TIME_BYTES 5U
#define MINUTES_PER_DAY 1440
#define QUARTER 15
#define AHEAD_MAX 840
#define SECONDS_MAX UINT32_MAX

/* strptime() takes more than it should: so what it read is written back and held against the text. */
static bool
read_time(int64_t *ret_seconds, const char text[HOUR_BYTES + 1])
{
	char back[HOUR_BYTES + 1] = "";
	struct tm tm = {0};
	const char *end = strptime(text, "%Y-%m-%dT%H:%M", &tm);
	time_t seconds = timegm(&tm);

	/* From the seconds: a 30th of February has become a day of March. */
	if (end == NULL || *end != '\0' || seconds < 0 || seconds > SECONDS_MAX || gmtime_r(&seconds, &tm) == NULL ||
	    strftime(back, sizeof(back), "%Y-%m-%dT%H:%M", &tm) != HOUR_BYTES || strcmp(text, back) != 0)
		return false;
	*ret_seconds = seconds;
	return true;
}

bool
day_typed(uint32_t *ret_day, struct cairn_span text)
{
	char copy[HOUR_BYTES + 1] = "0000-00-00T00:00";
	int64_t seconds;

	if (text.size != DAY_BYTES)
		return false;
	memcpy(copy, text.text, DAY_BYTES);
	if (!read_time(&seconds, copy))
		return false;
	*ret_day = (uint32_t)(seconds / 86400);
	return true;
}

bool
minutes_typed(unsigned *ret_minutes, struct cairn_span text)
{
	char copy[HOUR_BYTES + 1] = "1970-01-01T";
	int64_t seconds;

	if (text.size != TIME_BYTES)
		return false;
	memcpy(copy + HOUR_BYTES - TIME_BYTES, text.text, TIME_BYTES);
	if (!read_time(&seconds, copy))
		return false;
	*ret_minutes = (unsigned)(seconds / 60);
	return true;
}

int
zone_of(unsigned wall, unsigned utc)
{
	int ahead = ((int)wall - (int)utc + MINUTES_PER_DAY + QUARTER / 2) % MINUTES_PER_DAY / QUARTER * QUARTER;

	return ahead <= AHEAD_MAX ? ahead : ahead - MINUTES_PER_DAY;
}

bool
hour_typed(uint32_t *ret_hour, struct cairn_span text, int zone)
{
	char copy[HOUR_BYTES + 1] = "";
	int64_t seconds;

	if (text.size != HOUR_BYTES)
		return false;
	memcpy(copy, text.text, HOUR_BYTES);
	if (!read_time(&seconds, copy))
		return false;
	seconds -= zone * 60;
	if (seconds < 0)
		return false;
	*ret_hour = (uint32_t)(seconds / 3600);
	return true;
}
