// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_DESK_SESSION_H
#define CAIRN_CLI_DESK_SESSION_H

#include "cli/options.h"
#include "desk/desk.h"
#include "desk/inbox.h"
#include "desk/wire.h"

/* What the desk commands share: opening the folder, reaching the relay, naming a conversation. */
struct desk_options {
	const char *dir;
	const char *proxy;
	const char *socket;
	int vault_fd;
};

#define DESK_DIR_OPTION(type, member)                                                                          \
	OPTION(TEXT, type, member.dir, "dir", "DIR", "folder of the desk (or CAIRN_DESK in the environment)"), \
	    OPTION(FD, type, member.vault_fd, "vault-fd", "N", "read the vault's passphrase from this descriptor")

#define DESK_OPTIONS(type, member)                                                                                 \
	DESK_DIR_OPTION(type, member),                                                                             \
	    OPTION(TEXT, type, member.proxy, "proxy", "URL", "go through this, socks5h://127.0.0.1:9050 for Tor"), \
	    OPTION(TEXT, type, member.socket, "socket", "PATH", "connect to this Unix socket of the relay")

struct desk_session {
	struct vault *vault;
	struct desk *desk;
	struct wire *wire; /* NULL for commands that need no relay */
};

/* What the rooms keep in the database in a vault: one that adds tables or sealed columns adds them here. */
extern const struct state_rooms desk_rooms;
extern const struct erasure_column desk_sealed[];

/* --dir, else CAIRN_DESK; NULL, and told, where there is neither. */
const char *desk_folder(const struct desk_options *options);

/* Both return an enum cairn_exit and have told what was wrong. desk_session_end() in any case. */
int desk_session_begin(struct desk_session *s, const struct desk_options *options);
int desk_session_reach(struct desk_session *s, const struct desk_options *options);
/* The second half of reaching: a line to the relay of a desk that is open. */
int desk_session_wire(struct desk_session *s, const struct desk_options *options);
void desk_session_end(struct desk_session *s);

/* Tells desk->trouble, or else what err means, and returns the exit code for it. */
int desk_fail(const struct desk *desk, int err);

/* The conversation that staff name, and its line. Returns an enum cairn_exit and has told what was wrong. */
int desk_conversation(struct desk *desk, struct inbox_line *line, const char *alias);
/* The same, to show what is in it. Refused when its time is over: what goes is not shown even before it is erased. */
int desk_conversation_shown(struct desk *desk, struct inbox_line *line, const char *alias);

/* A relay's key as cairnd prints it: base64, or hex. */
bool desk_relay_key(uint8_t key[32], const char *text);

uint64_t desk_now(void);

/* "2026-11-22 14:05 UTC" */
#define DESK_WHEN_BYTES 32U
const char *desk_when(char out[DESK_WHEN_BYTES], uint64_t seconds);

/* "3 min", "5 h", "2 d": how long ago, or until. */
const char *desk_span(char out[DESK_WHEN_BYTES], uint64_t seconds);

#endif
