// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_DATE_H
#define CAIRN_RECORD_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/span.h"

/*
 * Dates with their precision, as a few forms of ISO 8601-2 (EDTF), which is how they are kept and exchanged:
 *
 *	2017-04-01  2017-04  2017	a day, a month, a year
 *	2017-04~			about then
 *	../2017-04-01			then or before
 *	2017-04-01/..			then or after
 *	2017-02/2017-04			between these, both included
 *	XXXX				unknown
 *
 * Years are 1000 to 9999.
 */
#define RECORD_DATE_MAX 32U

enum record_precision {
	RECORD_DATE_DAY,
	RECORD_DATE_MONTH,
	RECORD_DATE_YEAR,
	RECORD_DATE_ABOUT,
	RECORD_DATE_BEFORE,
	RECORD_DATE_AFTER,
	RECORD_DATE_BETWEEN,
	RECORD_DATE_UNKNOWN,
};

/* A date read. The days are those that it may mean, first to last: YYYYMMDD; 0 and UINT32_MAX where open. */
struct record_date {
	enum record_precision precision;
	uint32_t first;
	uint32_t last;
};

/* CAIRN_ERR_FORMAT for anything that is not one of the forms, CAIRN_ERR_RANGE for a day that does not exist. */
CAIRN_NODISCARD int record_date_read(struct record_date *date, struct cairn_span text);

/*
 * What people type into a form: also "about 2017-04", "before 2017", "by 2017", "after 2017", "since 2017", "between
 * 2017-02 and 2017-04", "2017-02 to 2017-04", "unknown".
 */
CAIRN_NODISCARD int record_date_typed(char out[RECORD_DATE_MAX], struct cairn_span text);

#endif
