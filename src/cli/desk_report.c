// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/desk_report.h"

#include "cli/desk_session.h"
#include "cli/output.h"

#define CARD_WARN_DAYS 14U

static const char *
plural(size_t n)
{
	return n == 1 ? "" : "s";
}

void
report_received(const struct received *r, const struct files_tally *files)
{
	printf("%zu new message%s", r->kept, plural(r->kept));
	if (r->begun > 0)
		printf(" (%zu new conversation%s)", r->begun, plural(r->begun));
	if (r->known > 0)
		printf(", %zu that had come before", r->known);
	if (r->refused > 0)
		printf(", %zu that did not open or were forged: dropped", r->refused);
	if (r->unopened > 0)
		printf(", %zu sealed to a key that is erased: lost", r->unopened);
	if (files->kept > 0)
		printf(", %zu file%s", files->kept, plural(files->kept));
	if (files->waiting > 0)
		printf(", %zu file%s not there yet", files->waiting, plural(files->waiting));
	if (files->failed > 0)
		printf(", %zu file%s given up", files->failed, plural(files->failed));
	if (r->alarms > 0)
		printf(", %zu WARNING%s: see 'cairn desk inbox'", r->alarms, r->alarms == 1 ? "" : "S");
}

void
report_published(const struct published *p)
{
	if (p->appended)
		printf("batch %llu is on the board, with %u answer%s", (unsigned long long)p->size, p->replies,
		    plural(p->replies));
	else
		printf("nothing was published");
	if (p->resent > 1)
		printf("; the relay had lost %llu batches and has them again", (unsigned long long)p->resent - 1);
	if (p->held > 0)
		printf("; %u answer%s wait for the person's next message", p->held, plural(p->held));
	if (p->tomorrow > 0)
		printf("; %u wait for tomorrow (16 a day and person)", p->tomorrow);
}

static void
report_warnings(const struct tick *tick)
{
	char day[WHEN_BYTES];

	if (tick->err != CAIRN_OK)
		printf("      ! %s\n", tick->trouble);
	if (tick->unpublished)
		puts("      ! nobody publishes: answers do not go out until a device with the role publish has taken "
		     "over, with two shares (cairn desk publisher --take-over)");
	if (tick->card_days == 0)
		puts("      ! the card has run out: nobody can write until there is a new one "
		     "(cairn desk card --renew)");
	else if (tick->card_days <= CARD_WARN_DAYS)
		printf("      ! the card runs out in %u day%s: two holders of shares must meet "
		       "(cairn desk card --renew)\n",
		    tick->card_days, plural(tick->card_days));
	if (tick->warn_day != UINT32_MAX)
		printf("      ! the drop was not emptied since %s: within a week that day's key "
		       "goes in any case, and what is "
		       "sealed to it is lost\n",
		    when_day(day, tick->warn_day));
}

void
report_tick(const struct tick *tick, uint64_t now)
{
	char when[DESK_WHEN_BYTES];

	printf("%s  ", desk_when(when, now));
	report_received(&tick->received, &tick->files);
	printf("; ");
	report_published(&tick->published);
	if (tick->moved > 0)
		printf("; %zu tag key%s moved on", tick->moved, plural(tick->moved));
	if (tick->erased > 0)
		printf("; %zu old key%s erased", tick->erased, plural(tick->erased));
	if (tick->said[0] != '\0')
		printf("; %s", tick->said);
	putchar('\n');
	report_warnings(tick);
	fflush(stdout);
}

json_t *
report_json(const struct received *r, const struct files_tally *f, const struct published *p)
{
	return json_pack("{s:{s:I,s:I,s:I,s:I,s:I,s:I,s:I}, s:{s:I,s:I,s:I}, s:{s:b,s:I,s:I,s:I,s:I}}", "received",
	    "messages", (json_int_t)r->kept, "known", (json_int_t)r->known, "refused",
	    (json_int_t)r->refused, "unopened",
	    (json_int_t)r->unopened, "conversations", (json_int_t)r->begun, "files", (json_int_t)r->files, "alarms",
	    (json_int_t)r->alarms, "files", "kept", (json_int_t)f->kept, "waiting", (json_int_t)f->waiting, "failed",
	    (json_int_t)f->failed, "published", "appended", (int)p->appended, "size", (json_int_t)p->size, "replies",
	    (json_int_t)p->replies, "held", (json_int_t)p->held, "tomorrow", (json_int_t)p->tomorrow);
}
