// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_GATHERING_H
#define CAIRN_SITE_GATHERING_H

#include <glib.h>

#include "cairn/span.h"
#include "site/site.h"

/* Protests and vigils, gatherings.csv, and the calendars made of them (iCalendar, by libical). */
struct gathering {
	char *id;
	char *title;
	char *country;
	char *city;
	char *place;
	char *begins;   /* local, "2017-05-12T18:00" */
	char *ends;     /* the same, or empty */
	char *zone;     /* "Europe/Berlin", known to this machine */
	char *safety;   /* what those who come should know */
	char *link;     /* web address, or empty */
	char *checked;  /* day on which the desk last looked */
	uint32_t day;   /* of its begin, for what is over */
};

/* Sorted by begin, then id. *ret frees them. CAIRN_ERR_FORMAT with fault. */
CAIRN_NODISCARD int gatherings_read(GPtrArray **ret, struct site_fault *fault, const char *file,
    struct cairn_span text);

/*
 * Appends a calendar of those in that country, NULL for all. base is the site's address, which makes their ids last;
 * name is the calendar's.
 */
void gatherings_calendar(GString *out, const GPtrArray *gatherings, const char *country, const char *base,
    struct cairn_span name);

#endif
