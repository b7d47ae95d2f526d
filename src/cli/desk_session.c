// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/desk_session.h"

#include <stdlib.h>
#include <time.h>

#include "base/text.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/unlock.h"
#include "desk/tell.h"
#include "record/apply.h"
#include "record/evidence.h"
#include "record/together.h"
#include "site/petition.h"

static int
rooms_prepare(struct db *db)
{
	int err = evidence_prepare(db);

	if (err == CAIRN_OK)
		err = record_prepare(db);
	return err == CAIRN_OK ? petition_prepare(db) : err;
}

const struct erasure_column desk_sealed[] = {
    STATE_ERASURE_COLUMNS,
    EVIDENCE_ERASURE_COLUMN,
    PETITION_ERASURE_COLUMNS,
    ERASURE_COLUMNS_END,
};

const struct state_rooms desk_rooms = {rooms_prepare, desk_sealed};

const char *
desk_folder(const struct desk_options *options)
{
	const char *dir = options->dir != NULL ? options->dir : getenv("CAIRN_DESK");

	if (dir == NULL || dir[0] == '\0') {
		complain("which desk? Give its folder with --dir, or in the environment as CAIRN_DESK");
		return NULL;
	}
	return dir;
}

static int
open_trouble(int err)
{
	static const struct {
		int err;
		const char *text;
	} texts[] = {
	    {CAIRN_ERR_FORMAT, "this part of the vault holds no desk, or one of another version, or is damaged: "
			       "'cairn desk vault --check' tells. Copy the vault before anything else"},
	    {CAIRN_ERR_CRYPTO, "the key of the erasable keys is gone from the vault: 'cairn desk vault --check' "
			       "tells what is damaged"},
	    {CAIRN_ERR_BUSY, "another program holds the vault: try again in a moment"},
	    {CAIRN_ERR_SPACE, "the disk is full: make room, then try again"},
	    {CAIRN_ERR_NOMEM, "not enough memory to open the vault"},
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].err == err)
			return fail(CAIRN_EXIT_STORAGE, "%s", texts[i].text);
	return fail(CAIRN_EXIT_STORAGE, "the vault cannot be read: check the disk, and that the folder is yours");
}

/* The desk in a vault that is open. */
static int
desk_session_within(struct desk_session *s)
{
	char trouble[DESK_TROUBLE_MAX];
	struct db *state;
	int err = state_open(&state, s->vault, &desk_rooms);

	if (err != CAIRN_OK)
		return open_trouble(err);
	err = desk_open(&s->desk, state, trouble);
	if (err != CAIRN_OK)
		return fail(CAIRN_EXIT_STORAGE, "%s", trouble);
	s->desk->room = &record_room;
	return CAIRN_EXIT_OK;
}

int
desk_session_begin(struct desk_session *s, const struct desk_options *options)
{
	const char *dir = desk_folder(options);
	int code;

	memset(s, 0, sizeof(*s));
	if (dir == NULL)
		return CAIRN_EXIT_USAGE;
	code = unlock_vault(&s->vault, dir, options->vault_fd);
	return code == CAIRN_EXIT_OK ? desk_session_within(s) : code;
}

int
desk_session_reach(struct desk_session *s, const struct desk_options *options)
{
	int code = desk_session_begin(s, options);

	return code == CAIRN_EXIT_OK ? desk_session_wire(s, options) : code;
}

int
desk_session_wire(struct desk_session *s, const struct desk_options *options)
{
	const char *proxy = options->proxy != NULL ? options->proxy : getenv("CAIRN_PROXY");

	s->desk->proxy = proxy;
	switch (wire_new(&s->wire, s->desk, proxy, options->socket)) {
	case CAIRN_OK:
		return CAIRN_EXIT_OK;
	case CAIRN_ERR_RANGE:
		if (proxy == NULL)
			return fail(CAIRN_EXIT_USAGE, "an onion address needs Tor: --proxy socks5h://127.0.0.1:9050, "
						      "or CAIRN_PROXY");
		return fail(CAIRN_EXIT_USAGE, "the proxy must look names up itself: socks5h://host:port");
	case CAIRN_ERR_NOMEM:
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	default:
		return fail(CAIRN_EXIT_STORAGE, "the relay's address on the card is none that can be reached: %s",
		    s->desk->self.relay_url);
	}
}

void
desk_session_end(struct desk_session *s)
{
	wire_free(s->wire);
	desk_close(s->desk);
	vault_close(s->vault);
	memset(s, 0, sizeof(*s));
}

int
desk_fail(const struct desk *desk, int err)
{
	/* Without a relay in play it is the disk that failed. */
	int code = err == CAIRN_ERR_IO && desk->wire.exchange == NULL ? CAIRN_EXIT_STORAGE : exit_for(err);

	return fail(code, "%s", desk->trouble[0] == '\0' ? cairn_strerror(err) : desk->trouble);
}

int
desk_conversation(struct desk *desk, struct inbox_line *line, const char *alias)
{
	uint64_t conv;
	int err = alias_find(desk->state, &conv, alias);

	if (err == CAIRN_OK)
		err = inbox_get(desk->state, line, conv);
	switch (err) {
	case CAIRN_OK:
		return CAIRN_EXIT_OK;
	case CAIRN_ERR_FORMAT:
		return fail(CAIRN_EXIT_USAGE, "name a conversation by its number, by its alias "
					      "as in 17-amber-heron, or by its id");
	case CAIRN_ERR_UNKNOWN:
		return fail(CAIRN_EXIT_USAGE, "there is no such conversation: 'cairn desk inbox' lists them");
	case CAIRN_ERR_CONFLICT:
		return fail(CAIRN_EXIT_USAGE, "number and words are not of the same "
					      "conversation: look again in 'cairn desk inbox'");
	default:
		return desk_fail(desk, desk_state_trouble(desk, err));
	}
}

int
desk_conversation_shown(struct desk *desk, struct inbox_line *line, const char *alias)
{
	bool over = false;
	int code = desk_conversation(desk, line, alias), err;

	if (code != CAIRN_EXIT_OK)
		return code;
	err = conversation_over(desk, &over, line->conv, desk_now());
	if (err != CAIRN_OK)
		return desk_fail(desk, desk_state_trouble(desk, err));
	return over ? fail(CAIRN_EXIT_REFUSED, "its time is over: nothing of it is shown any more. 'cairn desk sync' "
			  "erases it")
		    : CAIRN_EXIT_OK;
}

bool
desk_relay_key(uint8_t key[32], const char *text)
{
	struct cairn_span span = {text, strlen(text)};
	size_t bytes;

	if (text_hex(key, 32, span) == CAIRN_OK)
		return true;
	return text_base64(key, 32, &bytes, span) == CAIRN_OK && bytes == 32;
}

uint64_t
desk_now(void)
{
	return (uint64_t)time(NULL);
}

const char *
desk_when(char out[DESK_WHEN_BYTES], uint64_t seconds)
{
	time_t at = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&at, &tm) == NULL || strftime(out, DESK_WHEN_BYTES, "%Y-%m-%d %H:%M UTC", &tm) == 0)
		snprintf(out, DESK_WHEN_BYTES, "%llu", (unsigned long long)seconds);
	return out;
}

const char *
desk_span(char out[DESK_WHEN_BYTES], uint64_t seconds)
{
	if (seconds < 3600)
		snprintf(out, DESK_WHEN_BYTES, "%llu min", (unsigned long long)seconds / 60);
	else if (seconds < 48 * 3600)
		snprintf(out, DESK_WHEN_BYTES, "%llu h", (unsigned long long)seconds / 3600);
	else
		snprintf(out, DESK_WHEN_BYTES, "%llu d", (unsigned long long)seconds / 86400);
	return out;
}
