// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/gathering.h"

#include <stdlib.h>
#include <string.h>

#include <libical/ical.h>

#include "base/text.h"
#include "cairn/campaign.h"
#include "site/csv.h"
#include "site/fault.h"
#include "site/text.h"

enum { ID, TITLE, COUNTRY, CITY, PLACE, BEGINS, ENDS, ZONE, SAFETY, LINK, CHECKED, COLUMNS };
static const char *const columns[COLUMNS] = {"id", "title", "country", "city", "place", "begins", "ends", "zone",
    "safety", "link", "checked"};

static void
free_gathering(gpointer what)
{
	struct gathering *g = what;
	char *const parts[] = {g->id, g->title, g->country, g->city, g->place, g->begins, g->ends, g->zone, g->safety,
	    g->link, g->checked};

	for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
		g_free(parts[i]);
	g_free(g);
}

/* Is that a time and a zone, as the campaign door would take them? */
static bool
time_ok(struct cairn_span time, struct cairn_span zone)
{
	char both[CAIRN_GATHERING_TIME_BYTES + 64];
	struct cairn_record record = {CAIRN_TLV_gathering, (uint16_t)(time.size + zone.size), (const uint8_t *)both};
	struct cairn_gathering read;

	if (time.size != CAIRN_GATHERING_TIME_BYTES || zone.size == 0 || zone.size > 64)
		return false;
	memcpy(both, time.text, time.size);
	memcpy(both + time.size, zone.text, zone.size);
	return cairn_gathering_read(&read, &record) == CAIRN_OK;
}

static icaltimezone *
find_zone(struct cairn_span zone)
{
	char name[65] = "";

	if (zone.size >= sizeof name)
		return NULL;
	memcpy(name, zone.text, zone.size);
	return strcmp(name, "UTC") == 0 ? icaltimezone_get_utc_timezone() : icaltimezone_get_builtin_timezone(name);
}

static const char *
what_is_wrong(const struct cairn_span *cells)
{
	for (size_t i = 0; i < COLUMNS; i++)
		if (!text_is_line(cells[i]))
			return "a cell is one line, without control characters";
	if (!cairn_slug_ok(cells[ID]))
		return "the id is a-z, 0-9 and hyphens";
	if (cells[TITLE].size == 0 || cells[CITY].size == 0 || cells[PLACE].size == 0)
		return "title, city and place must be there";
	if (!text_is_country(cells[COUNTRY]))
		return "the country is two capital letters";
	if (!time_ok(cells[BEGINS], cells[ZONE]) || (cells[ENDS].size > 0 && !time_ok(cells[ENDS], cells[ZONE])))
		return "times are local, as 2017-05-12T18:00, and the zone is one as Europe/Berlin";
	if (cells[ENDS].size > 0 && memcmp(cells[ENDS].text, cells[BEGINS].text, CAIRN_GATHERING_TIME_BYTES) <= 0)
		return "it ends before it begins";
	if (cells[SAFETY].size == 0)
		return "say what those who come should know for their safety";
	if ((cells[LINK].size > 0 && !text_is_web(cells[LINK])) || !text_is_day(cells[CHECKED], NULL))
		return "the link is a web address or empty, and checked is a day";
	return find_zone(cells[ZONE]) == NULL ? "that time zone is not known on this machine" : NULL;
}

static void
add(GPtrArray *list, const struct cairn_span *cells)
{
	struct gathering *g = g_new0(struct gathering, 1);
	char **const parts[COLUMNS] = {&g->id, &g->title, &g->country, &g->city, &g->place, &g->begins, &g->ends,
	    &g->zone,
	    &g->safety, &g->link, &g->checked};

	for (size_t i = 0; i < COLUMNS; i++)
		*parts[i] = g_strndup(cells[i].text, cells[i].size);
	(void)text_is_day((struct cairn_span){g->begins, 10}, &g->day);
	g_ptr_array_add(list, g);
}

static int
by_begin(gconstpointer a, gconstpointer b)
{
	const struct gathering *x = *(struct gathering *const *)a, *y = *(struct gathering *const *)b;
	int order = strcmp(x->begins, y->begins);

	return order != 0 ? order : strcmp(x->id, y->id);
}

int
gatherings_read(GPtrArray **ret, struct site_fault *fault, const char *file, struct cairn_span text)
{
	struct cairn_span cells[CSV_COLUMNS_MAX];
	bool row = true;
	struct csv csv;
	int err = csv_begin(&csv, fault, file, text, columns, COLUMNS);

	*ret = g_ptr_array_new_with_free_func(free_gathering);
	while (err == CAIRN_OK && (err = csv_next(&csv, fault, cells, &row)) == CAIRN_OK && row) {
		const char *wrong = what_is_wrong(cells);

		if (wrong != NULL)
			err = fault_set(fault, CAIRN_ERR_FORMAT, file, csv.line, "%s", wrong);
		else
			add(*ret, cells);
	}
	csv_release(&csv);
	g_ptr_array_sort(*ret, by_begin);
	return err;
}

/* ---- calendars ---- */

static int
digits(const char *at, int count)
{
	int n = 0;

	for (int i = 0; i < count; i++)
		n = n * 10 + at[i] - '0';
	return n;
}

/* In UTC: a reader's calendar need not know the zone, and the file needs no table of its rules. */
static struct icaltimetype
moment(const char *local, const char *zone)
{
	struct icaltimetype time = icaltime_null_time();
	icaltimezone *from = find_zone(text_of(zone));

	time.year = digits(local, 4);
	time.month = digits(local + 5, 2);
	time.day = digits(local + 8, 2);
	time.hour = digits(local + 11, 2);
	time.minute = digits(local + 14, 2);
	icaltimezone_convert_time(&time, from, icaltimezone_get_utc_timezone());
	return icaltime_set_timezone(&time, icaltimezone_get_utc_timezone());
}

static icalcomponent *
event_of(const struct gathering *g, const char *base)
{
	char stamp[17];
	char *id = g_strdup_printf("%s%s", g->id, base);
	char *place = g_strdup_printf("%s, %s", g->place, g->city);
	char *about = g_strdup_printf("%s (%s)\n%s", g->begins, g->zone, g->safety);
	icalcomponent *event;

	(void)snprintf(stamp, sizeof stamp, "%sT00:00", g->checked);
	event = icalcomponent_vanew(ICAL_VEVENT_COMPONENT, icalproperty_new_uid(id),
	    icalproperty_new_dtstamp(moment(stamp, "UTC")), icalproperty_new_dtstart(moment(g->begins, g->zone)),
	    icalproperty_new_summary(g->title), icalproperty_new_location(place), icalproperty_new_description(about),
	    (void *)NULL);
	if (g->ends[0] != '\0')
		icalcomponent_add_property(event, icalproperty_new_dtend(moment(g->ends, g->zone)));
	if (g->link[0] != '\0')
		icalcomponent_add_property(event, icalproperty_new_url(g->link));
	g_free(id);
	g_free(place);
	g_free(about);
	return event;
}

void
gatherings_calendar(GString *out, const GPtrArray *gatherings, const char *country, const char *base,
    struct cairn_span name)
{
	icalcomponent *calendar = icalcomponent_vanew(ICAL_VCALENDAR_COMPONENT, icalproperty_new_version("2.0"),
	    icalproperty_new_prodid("-//Cairn//site//EN"), (void *)NULL);
	char *said = g_strndup(name.text, name.size);
	icalproperty *x = icalproperty_new_x(said);
	char *text;

	icalproperty_set_x_name(x, "X-WR-CALNAME");
	icalcomponent_add_property(calendar, x);
	for (guint i = 0; i < gatherings->len; i++) {
		const struct gathering *g = gatherings->pdata[i];

		if (country == NULL || strcmp(country, g->country) == 0)
			icalcomponent_add_component(calendar, event_of(g, base));
	}
	text = icalcomponent_as_ical_string_r(calendar);
	g_string_append(out, text);
	free(text);
	g_free(said);
	icalcomponent_free(calendar);
}
