// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_DEMO_H
#define CAIRN_CLI_DEMO_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include <jansson.h>

/*
 * The demonstration: Cairn's main job from beginning to end, with the real programs as children, each step told
 * as it happens. Every run has a fresh folder, DIR/1, DIR/2, ...; what it starts keeps running, and is
 * noted in DIR/running.
 */

#define DEMO_OUT_BYTES 65536U
#define DEMO_PATH 4096U

struct demo {
	const char *text;   /* of the person */
	const char *answer; /* of the desk */
	bool text_invented;
	bool answer_invented;
	unsigned port;
	unsigned tick_s; /* of the desk that is left open */

	char dir[DEMO_PATH];    /* where the folders of all runs lie */
	char folder[DEMO_PATH + 16]; /* of this run */
	char data[DEMO_PATH + 32];   /* the relay's */
	char desk[DEMO_PATH + 32];
	char shares[DEMO_PATH + 32];
	char desk_log[DEMO_PATH + 32];
	char relay_log[DEMO_PATH + 32];
	char self[DEMO_PATH];   /* this program */
	char cairnd[DEMO_PATH];
	char page[DEMO_PATH];   /* folder of the person's page; empty where it was not built */
	char plain[DEMO_PATH];  /* program of the page without scripts; empty where there is none */
	char example[DEMO_PATH]; /* sources of the public site; empty where they, or its parts, are not there */
	char source[DEMO_PATH + 32]; /* a copy of these, which the desk works on */
	char site[DEMO_PATH + 32];
	char site_listen[64];
	char site_base[80]; /* its address, ends in '/' */
	pid_t relay;
	pid_t open_desk;

	char second[DEMO_PATH + 32]; /* folder of the second device */
	char second_vault[512];
	char site_key[128]; /* public, as the card has it */
	char share[2][DEMO_PATH + 128]; /* files of two shares */

	char relay_key[128];
	char desk_id[80];
	char address[512]; /* what people are given */
	char passphrase[512];
	char vault[512]; /* the passphrase of the desk's vault */
	char alias[128]; /* the desk's name for the conversation */
	char out[DEMO_OUT_BYTES];
};

/* Stops what an earlier run left running. False when something does not stop. */
bool demo_stop_running(const char *dir, bool *ret_any);

/* A fresh folder, and the names in it. Returns an enum cairn_exit. */
int demo_prepare(struct demo *d);

/* Notes what runs, for --stop. */
int demo_note_running(const struct demo *d);

/* The steps. Returns an enum cairn_exit; after a failure, what runs is stopped by the caller. */
int demo_tell(struct demo *d);

/* A program of the story, to its end; what it printed is in d->out. Returns an enum cairn_exit, and has told. */
struct demo_call;
int demo_run(struct demo *d, const struct demo_call *what);
int demo_show(struct demo *d, const struct demo_call *what); /* and its output is shown */
json_t *demo_run_json(struct demo *d, const struct demo_call *what); /* its output is an object; NULL: told */
/* The first line of what was printed. */
void demo_take_line(char *out, size_t room, const struct demo *d);
/* One tick of the desk, which "cairn desk open" does every ten minutes. */
int demo_tick(struct demo *d);

/* The public site of the worked example, on a listener of its own of the same relay (demo_site.c). */
bool demo_find_site(char *example, size_t room);
int demo_begin_site(struct demo *d);  /* before the relay starts */
int demo_make_site(struct demo *d);   /* once there is a desk; a step */
int demo_sign_site(struct demo *d);   /* into the site's log, and checks it; a step */
void demo_farewell_site(const struct demo *d);

/* A claim in public, by two people on two devices (demo_claim.c): steps, after demo_make_site(). */
int demo_admit_second(struct demo *d);
int demo_name_keys(struct demo *d); /* on the desk's card: of the site, and what is the desk's own of it */
int demo_draft_claim(struct demo *d);
int demo_publish_claim(struct demo *d);
int demo_check_claim(struct demo *d); /* once the site has it */

/* What every command of the desk is given: where it lies, and what opens it. */
#define DEMO_AT_DESK(d) "--dir", (d)->desk, "--vault-fd", "4"
#define DEMO_AT_SECOND(d) "--dir", (d)->second, "--vault-fd", "4"
#define DEMO_VAULT_MIB "16" /* enough for a demonstration */

/* How to go on by hand. */
void demo_farewell(const struct demo *d);

#endif
