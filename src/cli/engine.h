// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_ENGINE_H
#define CAIRN_CLI_ENGINE_H

#include <jansson.h>

#include "carry/devices.h"
#include "carry/names.h"
#include "carry/sync.h"
#include "cli/desk_session.h"

/*
 * What the commands share that say something to the desk's other devices, or show what they said. What is said is
 * kept on this device first, then sent at once where the relay answers.
 */
struct engine_options {
	struct desk_options desk;
	bool offline;
	bool json;
};

#define ENGINE_READ_OPTIONS(type, member)       \
	DESK_DIR_OPTION(type, member.desk),     \
	    OPTION(FLAG, type, member.json, "json", "", "print one JSON object")
#define ENGINE_OPTIONS(type, member)            \
	DESK_OPTIONS(type, member.desk),        \
	    OPTION(FLAG, type, member.offline, "offline", "", "keep it on this device; 'desk sync' sends it"), \
	    OPTION(FLAG, type, member.json, "json", "", "print one JSON object")

struct engine {
	struct desk_session s;
	struct carry *carry; /* of the desk */
	uint64_t now;
	bool reaches; /* there is a relay to send to */
	bool json;
};

/* All return an enum cairn_exit and have told what was wrong. engine_end() in any case. */
int engine_begin(struct engine *e, const struct engine_options *o); /* to say something */
int engine_look(struct engine *e, const struct engine_options *o);  /* only to read what this device has */
void engine_end(struct engine *e);

/* What an error means here, told in words of the command's own; the list ends with a NULL text. */
struct engine_word {
	int err;
	const char *text;
};
int engine_fail(const struct engine *e, int err, const struct engine_word *words);

/*
 * Sends what waits, and reads what the others said. CAIRN_EXIT_OK with --offline, too. Otherwise it has told that it
 * is kept, and goes out later.
 */
int engine_send(struct engine *e);

/*
 * After something was said: sends, and tells; *more (may be NULL, is taken over) gets "sent", and is printed with
 * --json, else the sentence.
 */
int engine_done(struct engine *e, json_t *more, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* Case and compartment as staff name them. */
int engine_case(struct engine *e, uint8_t case_id[OP_ID_BYTES], const char *name);
int engine_compartment(struct engine *e, struct carry_compartment *c, const char *case_name, const char *name);
int engine_device(struct engine *e, struct carry_device *device, const char *name);

/* All devices of that name, or of that person; rows[DEVICES_MAX]. */
int engine_devices(struct engine *e, uint64_t *rows, size_t *ret_count, const char *name);

#endif
