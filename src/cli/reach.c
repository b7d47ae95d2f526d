// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/reach.h"

#include <string.h>
#include <time.h>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/terminal.h"

#define HOURS_PER_DAY 24U
#define DATE_LINE 32U
#define PATIENCE_MAX_S 86400U

static bool
is_leap(unsigned year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned
days_in(unsigned year, unsigned month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Digits at text, with leading zeros; false for anything else. */
static bool
digits(unsigned *out, const char *text, size_t count)
{
	*out = 0;
	for (size_t i = 0; i < count; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (unsigned)(text[i] - '0');
	}
	return true;
}

bool
day_read(uint32_t *ret_day, struct cairn_span text)
{
	unsigned year, month, day;
	uint32_t days = 0;

	if (text.size != 10 || text.text[4] != '-' || text.text[7] != '-' || !digits(&year, text.text, 4) ||
	    !digits(&month, text.text + 5, 2) || !digits(&day, text.text + 8, 2))
		return false;
	if (year < 1970 || month < 1 || month > 12 || day < 1 || day > days_in(year, month))
		return false;
	for (unsigned y = 1970; y < year; y++)
		days += is_leap(y) ? 366 : 365;
	for (unsigned m = 1; m < month; m++)
		days += days_in(year, m);
	*ret_day = days + day - 1;
	return true;
}

/* The clock's hour of the day on the day that was named. */
static uint32_t
hour_on(uint32_t day)
{
	return day * HOURS_PER_DAY + (uint32_t)(time(NULL) / 3600 % HOURS_PER_DAY);
}

static int
set_client(struct reach *r, const struct reach_options *o)
{
	uint32_t day;

	memcpy(r->client.desk_id, r->url.desk_id, sizeof(r->client.desk_id));
	r->client.has_identity = r->url.has_identity;
	memcpy(r->client.identity_key, r->url.identity_key, sizeof(r->client.identity_key));
	r->client.hour = (uint32_t)(time(NULL) / 3600);
	if (o->date == NULL)
		return CAIRN_EXIT_OK;
	if (!day_read(&day, (struct cairn_span){o->date, strlen(o->date)}))
		return fail(CAIRN_EXIT_USAGE, "--date wants a day as 2026-11-22");
	r->client.hour = hour_on(day);
	r->client.hour_confirmed = true;
	return CAIRN_EXIT_OK;
}

int
reach_begin(struct reach *r, const struct reach_options *o)
{
	struct net_options net = {.url = &r->url, .proxy = o->proxy, .unix_socket = o->socket,
	    .patience_ms = (uint32_t)(o->patience < PATIENCE_MAX_S ? o->patience : PATIENCE_MAX_S) * 1000};
	int code;

	memset(r, 0, sizeof(*r));
	if (o->desk == NULL)
		return fail(CAIRN_EXIT_USAGE, "which desk? Give --desk with the address that it gave out");
	if (net_url_read(&r->url, o->desk) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--desk wants an address like http://host/d/<64 hex digits>/");
	if ((code = set_client(r, o)) != CAIRN_EXIT_OK)
		return code;
	switch (net_new(&r->net, &net)) {
	case CAIRN_OK:
		return CAIRN_EXIT_OK;
	case CAIRN_ERR_RANGE:
		return fail(CAIRN_EXIT_USAGE, "%s", r->url.onion && o->proxy == NULL
		    ? "an onion address needs Tor: --proxy socks5h://127.0.0.1:9050"
		    : "the proxy must look names up itself: socks5h://host:port");
	default:
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	}
}

void
reach_end(struct reach *r)
{
	net_free(r->net);
	r->net = NULL;
}

/* Another date than both: typed. */
static int
ask_day(struct reach *r, struct terminal *t)
{
	char line[DATE_LINE];
	uint32_t day;

	while (terminal_line(t, "The date today, as 2026-11-22: ", line, sizeof(line)) != CAIRN_ERR_IO) {
		if (!day_read(&day, (struct cairn_span){line, strlen(line)}))
			continue;
		r->client.hour = hour_on(day);
		r->client.hour_confirmed = true;
		return CAIRN_EXIT_OK;
	}
	return CAIRN_EXIT_CLOCK;
}

int
reach_ask_clock(struct reach *r, uint32_t board_hour)
{
	char own[WHEN_BYTES], theirs[WHEN_BYTES];
	struct terminal t;
	int code = CAIRN_EXIT_OK;

	when_hour(own, r->client.hour);
	when_hour(theirs, board_hour);
	if (terminal_open(&t) != CAIRN_OK)
		return fail(CAIRN_EXIT_CLOCK, "this machine says %s, the desk's board %s. "
					      "Say which day it is with --date",
		    own, theirs);
	fprintf(t.out, "This machine says it is   %s\nThe desk's board is from  %s\n", own, theirs);
	switch (terminal_choice(&t, "Which is right: (m)achine, (d)esk, (n)either, (q)uit? ", "mdnq")) {
	case 'm':
		break;
	case 'd':
		r->client.hour = board_hour;
		break;
	case 'n':
		code = ask_day(r, &t);
		break;
	default:
		code = CAIRN_EXIT_CLOCK;
	}
	r->client.hour_confirmed = code == CAIRN_EXIT_OK;
	terminal_close(&t);
	return code;
}

/* Two checkpoints that contradict each other, both signed by the desk's board key. */
static int
show_fork(const struct cairn_opening *o)
{
	complain("this board contradicts the one seen before: the desk or the relay has forked it.");
	complain("Both checkpoints follow. Keep them: together they are the proof.");
	(void)fwrite(o->memory->note, 1, o->memory->note_bytes, stdout);
	fputc('\n', stdout);
	(void)fwrite(o->checkpoint_file, 1, o->bytes[0], stdout);
	return CAIRN_EXIT_CONFLICT;
}

int
reach_fail(const struct reach *r, const struct cairn_opening *o, int err)
{
	char when[WHEN_BYTES];

	switch (err) {
	case CAIRN_ERR_IO:
		return fail(CAIRN_EXIT_NETWORK, "no answer from the relay (%s). Try again", net_why(r->net));
	case CAIRN_ERR_UNKNOWN:
		if (o == NULL || !o->done)
			return fail(CAIRN_EXIT_REFUSED, "the relay has no such desk, or no board of it yet");
		return fail(CAIRN_EXIT_ABSENT, "the desk has left no key for today: nobody there was online "
					       "since %s. Try again later, or another way",
		    when_hour(when, o->epochs.hour));
	case CAIRN_ERR_BUSY:
		return fail(CAIRN_EXIT_BUSY, "the relay is under load or attack. Try again in a while");
	case CAIRN_ERR_DENIED:
		return fail(CAIRN_EXIT_REFUSED, "the relay refused. Is this program too old?");
	case CAIRN_ERR_CONFLICT:
		return o == NULL ? CAIRN_EXIT_CONFLICT : show_fork(o);
	case CAIRN_ERR_STALE:
		return fail(CAIRN_EXIT_REFUSED, "the card or the board is older than it may be: "
		    "it is past its last day, or older than the one seen before");
	case CAIRN_ERR_NOMEM:
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	default:
		return fail(exit_for(err), "what the relay shows is not this desk's board: %s",
		    cairn_strerror(err));
	}
}
