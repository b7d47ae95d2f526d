// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_OPS_H
#define CAIRN_CARRY_OPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/writer.h"
#include "cairn/desk_keys.h"
#include "cairn/err.h"
#include "cairn/span.h"
#include "cairn/xwing.h"

/*
 * Everything that staff do is an operation (docs/carry.md). This table is the one place where they stand: enum,
 * structs, reader, writer, names and documentation come from it.
 *
 * Operations of the desk as a whole are applied in the order of the feed; operations in a case are folded, in
 * any order (fold.h).
 */
#define OP_ID_BYTES 16U /* of devices, compartments, cases, tasks: random */
#define OP_BODY_MAX 61440U
/* Of counters and times: databases have no unsigned 64 bits, and one more must fit. */
#define OP_NUMBER_MAX (1ULL << 62)
#define OP_HEAD_BYTES 30U          /* u16 type, u64 counter, u64 lamport, u64 time, u32 length */

#define OP_DAY_KEYS_MAX 14U
#define OP_BOX_MAX 16384U
#define OP_ALIAS_MAX 64U
#define OP_VALUE_MAX 4096U
#define OP_TEXT_MAX 8192U
#define OP_NOTE_MAX 32768U
#define OP_ROWS_MAX 49152U
#define OP_AGAIN_COST 46U /* what stands before the body of an operation that is given again */

/* X(NAME, name, code, scope, what it says) */
#define OPERATIONS(X)                                                                                                \
	X(DEVICE, device, 0x0101, DESK, "a device is one of the desk's: its keys, and what staff call its owner")    \
	X(DAY_KEYS, day_keys, 0x0102, DESK, "public day keys of the device that says it, to which boxes are sealed") \
	X(ROSTER, roster, 0x0103, DESK, "a roster, signed by the identity key")                                      \
	X(COMPARTMENT, compartment, 0x0104, DESK, "a new compartment of a case, and its first members")              \
	X(MEMBER_ADD, member_add, 0x0105, DESK, "a device becomes a member")                                         \
	X(MEMBER_REMOVE, member_remove, 0x0106, DESK, "a device is a member no more: a new generation is owed")      \
	X(ROTATE, rotate, 0x0107, DESK, "the next generation of a compartment's key")                                \
	X(BOX, box, 0x0108, DESK, "keys for one device, sealed to its day key")                                      \
	X(KEYS_WANTED, keys_wanted, 0x0109, DESK,                                                                    \
	    "the device that says it lacks the key of a compartment of its own")                                     \
	X(DESTROY, destroy, 0x010a, DESK, "a compartment is destroyed, with the records of the feed it was in")      \
	X(CLOSE, close, 0x010b, DESK, "a named officer marks a compartment, or a case, as over: its time runs")      \
	X(REOPEN, reopen, 0x010c, DESK, "that mark is taken back")                                                   \
	X(CASE_STATE, case_state, 0x010d, DESK, "how it stands with a case")                                         \
	X(RETENTION, retention, 0x010e, DESK, "this desk keeps a kind of compartment for less time than the table")  \
	X(PUBLISHER, publisher, 0x010f, DESK, "which device publishes, from this term on")                           \
	X(PUBLISHER_STOP, publisher_stop, 0x0110, DESK, "the publisher of that term signs no more behind that size") \
	X(CELL, cell, 0x0111, DESK, "a sealed reply cell, to be published on its day")                               \
	X(CELLS_OUT, cells_out, 0x0112, DESK, "cells that a batch of the board holds")                               \
	X(SUSPEND_ASK, suspend_ask, 0x0113, DESK, "a suspension with one signature, which waits for a second")       \
	X(SUSPENSION, suspension, 0x0114, DESK, "a suspension that two security devices signed")                     \
	X(TASK, task, 0x0115, DESK, "something that a device's owner has to do now")                                 \
	X(TASK_DONE, task_done, 0x0116, DESK, "it is done")                                                          \
	X(THRESHOLD, threshold, 0x0117, DESK, "a compartment opens only with the consent of k of its n members")     \
	X(ASK, ask, 0x0118, DESK, "a device asks the others for consent")                                            \
	X(CONSENT, consent, 0x0119, DESK, "a device consents, by hand")                                              \
	X(EPOCH, epoch, 0x011a, DESK, "an epoch key that this desk has made: its name and hash")                     \
	X(STATE, state, 0x011b, DESK, "the desk's state, in pieces, for a device that joins: rows of its tables")    \
	X(GIVEN, given, 0x011c, DESK,                                                                                \
	    "all that went before in a compartment was given again, to a member that lacked it")                     \
	X(DRAINED, drained, 0x011d, DESK, "a door holds nothing any more that came before that time: keys can go")   \
	X(SET, set, 0x0201, CASE, "a field has this value")                                                          \
	X(ADD, add, 0x0202, CASE, "a set has this element")                                                          \
	X(REMOVE, remove, 0x0203, CASE, "an element that was added is taken out")                                    \
	X(NOTE, note, 0x0204, CASE, "a text, which is only ever added")                                              \
	X(RETRACT, retract, 0x0205, CASE, "an operation is marked as taken back; nothing is deleted")                \
	X(AGAIN, again, 0x0206, CASE, "an earlier operation, given to a new member")                                 \
	X(CONVERSATION, conversation, 0x0207, CASE, "a conversation with a person belongs to this case")             \
	X(MESSAGE, message, 0x0208, CASE, "what a person sent, as a device opened it")                               \
	X(READ, read, 0x0209, CASE, "a person of the desk has read messages")                                        \
	X(ANSWERED, answered, 0x020a, CASE, "an answer went out; its text stays with the device that sent it")       \
	X(RECORD, record, 0x020b, CASE, "an operation of the record of events (src/record)")                         \
	X(EVIDENCE, evidence, 0x020c, CASE, "an operation of the custody of evidence (src/record)")

/*
 * F(struct, kind, name, most): u8, u16, u32, u64; id is 16 bytes, hash 32, key a public X-Wing key; text is
 * well-formed UTF-8 of at most so many bytes behind a u16, bytes likewise behind a u32, both may be empty.
 */
#define OP_FIELDS_device(F, S)          \
	F(S, id, device, 0)             \
	F(S, hash, sign_key, 0)         \
	F(S, key, receive_key, 0)       \
	F(S, text, alias, OP_ALIAS_MAX) \
	F(S, text, owner, OP_ALIAS_MAX) \
	F(S, u32, first_day, 0)         \
	F(S, bytes, day_keys, OP_DAY_KEYS_MAX *CAIRN_XWING_PUBLIC_BYTES)
#define OP_FIELDS_day_keys(F, S) F(S, u32, first_day, 0) F(S, bytes, keys, OP_DAY_KEYS_MAX *CAIRN_XWING_PUBLIC_BYTES)
#define OP_FIELDS_roster(F, S) F(S, bytes, note, OP_NOTE_MAX)
#define OP_FIELDS_compartment(F, S) \
	F(S, id, compartment, 0)    \
	F(S, u8, kind, 0)           \
	F(S, id, case_id, 0)        \
	F(S, bytes, members, 17U * 64U)
#define OP_FIELDS_member_add(F, S) \
	F(S, id, compartment, 0)   \
	F(S, id, device, 0)        \
	F(S, u8, lane, 0)          \
	F(S, u8, together, 0)
#define OP_FIELDS_member_remove(F, S) F(S, id, compartment, 0) F(S, id, device, 0)
#define OP_FIELDS_rotate(F, S)   \
	F(S, id, compartment, 0) \
	F(S, u32, from_gen, 0)   \
	F(S, u32, day, 0)        \
	F(S, hash, promise, 0)
#define OP_FIELDS_box(F, S)                     \
	F(S, id, recipient, 0)                  \
	F(S, u32, day, 0)                       \
	F(S, bytes, names, OP_BOX_MAX)          \
	F(S, bytes, enc, CAIRN_XWING_ENC_BYTES) \
	F(S, bytes, ct, OP_BOX_MAX)
#define OP_FIELDS_keys_wanted(F, S) F(S, id, compartment, 0)
#define OP_FIELDS_destroy(F, S) F(S, id, compartment, 0) F(S, u8, why, 0) F(S, bytes, seqs, 32768U)
#define OP_FIELDS_close(F, S)    \
	F(S, id, compartment, 0) \
	F(S, id, case_id, 0)     \
	F(S, u8, mark, 0)        \
	F(S, text, officer, OP_ALIAS_MAX)
#define OP_FIELDS_reopen(F, S) F(S, id, compartment, 0) F(S, id, case_id, 0)
#define OP_FIELDS_case_state(F, S) F(S, id, case_id, 0) F(S, u8, state, 0)
#define OP_FIELDS_retention(F, S) F(S, u8, kind, 0) F(S, u32, hours, 0)
#define OP_FIELDS_publisher(F, S) F(S, id, device, 0) F(S, u32, term, 0)
#define OP_FIELDS_publisher_stop(F, S) F(S, u32, term, 0) F(S, u64, size, 0)
#define OP_FIELDS_cell(F, S) F(S, u32, day, 0) F(S, bytes, cell, 4096U)
#define OP_FIELDS_cells_out(F, S) F(S, u64, size, 0) F(S, bytes, cells, 24U * 64U)
#define OP_FIELDS_suspend_ask(F, S) F(S, bytes, note, OP_NOTE_MAX)
#define OP_FIELDS_suspension(F, S) F(S, bytes, note, OP_NOTE_MAX)
#define OP_FIELDS_task(F, S) F(S, id, task, 0) F(S, id, device, 0) F(S, id, compartment, 0) F(S, u8, kind, 0)
#define OP_FIELDS_task_done(F, S) F(S, id, task, 0)
#define OP_FIELDS_threshold(F, S) F(S, id, compartment, 0) F(S, u8, k, 0) F(S, u8, n, 0) F(S, key, public_key, 0)
#define OP_FIELDS_ask(F, S) F(S, id, ask, 0) F(S, u8, what, 0) F(S, id, compartment, 0) F(S, text, reason, 512U)
#define OP_FIELDS_consent(F, S) F(S, id, ask, 0)
#define OP_FIELDS_epoch(F, S) F(S, u8, door, 0) F(S, u32, day, 0) F(S, u16, gen, 0) F(S, hash, key_hash, 0)
#define OP_FIELDS_state(F, S) F(S, id, device, 0) F(S, u64, seq, 0) F(S, u8, table, 0) F(S, bytes, rows, OP_ROWS_MAX)
#define OP_FIELDS_given(F, S) F(S, id, compartment, 0) F(S, id, device, 0)
#define OP_FIELDS_drained(F, S) F(S, u8, door, 0) F(S, u64, at, 0)
#define OP_FIELDS_set(F, S) F(S, u16, field, 0) F(S, bytes, value, OP_VALUE_MAX)
#define OP_FIELDS_add(F, S) F(S, u16, field, 0) F(S, bytes, value, OP_VALUE_MAX)
#define OP_FIELDS_remove(F, S) F(S, id, device, 0) F(S, u64, counter, 0)
#define OP_FIELDS_note(F, S) F(S, text, text, OP_TEXT_MAX)
#define OP_FIELDS_retract(F, S) F(S, id, device, 0) F(S, u64, counter, 0) F(S, text, reason, 512U)
#define OP_FIELDS_again(F, S) \
	F(S, id, device, 0)   \
	F(S, u64, counter, 0) \
	F(S, u64, lamport, 0) \
	F(S, u64, time, 0)    \
	F(S, u16, type, 0)    \
	F(S, bytes, body, OP_BODY_MAX - OP_AGAIN_COST)
#define OP_FIELDS_conversation(F, S) F(S, id, conv, 0) F(S, u8, door, 0) F(S, u32, words, 0) F(S, key, reply_key, 0)
#define OP_FIELDS_message(F, S) \
	F(S, id, conv, 0)       \
	F(S, id, msgid, 0)      \
	F(S, u8, door, 0)       \
	F(S, u32, day, 0)       \
	F(S, u64, at, 0)        \
	F(S, bytes, records, 7048U)
#define OP_FIELDS_read(F, S) F(S, id, conv, 0) F(S, bytes, msgids, 16U * 256U)
#define OP_FIELDS_answered(F, S)   \
	F(S, id, conv, 0)          \
	F(S, u32, answer_by, 0)    \
	F(S, u32, check_in_due, 0) \
	F(S, u8, nothing_needed, 0)
#define OP_FIELDS_record(F, S) F(S, bytes, bytes, OP_BODY_MAX - 64U)
#define OP_FIELDS_evidence(F, S) F(S, bytes, bytes, OP_BODY_MAX - 64U)

enum op_type {
#define OP_ENUM(NAME, name, code, scope, text) OP_##NAME = (code),
	OPERATIONS(OP_ENUM)
#undef OP_ENUM
};

#define OP_MEMBER_u8(name) uint8_t name;
#define OP_MEMBER_u16(name) uint16_t name;
#define OP_MEMBER_u32(name) uint32_t name;
#define OP_MEMBER_u64(name) uint64_t name;
#define OP_MEMBER_id(name) uint8_t name[OP_ID_BYTES];
#define OP_MEMBER_hash(name) uint8_t name[CAIRN_HASH_BYTES];
#define OP_MEMBER_key(name) uint8_t name[CAIRN_XWING_PUBLIC_BYTES];
#define OP_MEMBER_text(name) struct cairn_span name;
#define OP_MEMBER_bytes(name) struct cairn_span name;
#define OP_MEMBER(S, kind, name, most) OP_MEMBER_##kind(name)

/* struct op_member_add and so on. Spans look into what was read. */
#define OP_STRUCT(NAME, name, code, scope, text) \
	struct op_##name {                       \
		OP_FIELDS_##name(OP_MEMBER, )    \
	};
OPERATIONS(OP_STRUCT)
#undef OP_STRUCT

/* Room for any of them. */
union op_any {
#define OP_UNION(NAME, name, code, scope, text) struct op_##name name;
	OPERATIONS(OP_UNION)
#undef OP_UNION
};

enum op_scope { OP_SCOPE_DESK = 1,
	OP_SCOPE_CASE };
enum op_field_kind { OP_u8,
	OP_u16,
	OP_u32,
	OP_u64,
	OP_id,
	OP_hash,
	OP_key,
	OP_text,
	OP_bytes };

struct op_field {
	const char *name;
	enum op_field_kind kind;
	size_t most; /* bytes of a text or of bytes */
	size_t offset;
};

/* A row of the table. */
struct op_def {
	enum op_type type;
	const char *name; /* "member-add" */
	enum op_scope scope;
	const char *text;
	size_t bytes; /* of the struct */
	const struct op_field *fields;
	size_t field_count;
};

extern const struct op_def op_table[];
extern const size_t op_count;

/* NULL: no such operation. */
const struct op_def *op_find(uint16_t type);

/* One operation, taken out of a record or about to go into one. */
struct op {
	uint16_t type;
	uint8_t device[OP_ID_BYTES]; /* who said it; stands once in the record */
	uint64_t counter;            /* with device its id: goes up, over all that the device says */
	uint64_t lamport;
	uint64_t time; /* Unix seconds, by the device's clock */
	struct cairn_span body;
};

/*
 * Takes the next operation of inner[bytes] at *at; device is the caller's to fill in. CAIRN_ERR_FORMAT: cut short, or
 * a body over its maximum. A type that is not known is no error here.
 */
CAIRN_NODISCARD int op_next(struct op *op, struct cairn_span inner, size_t *at);
void op_write(struct writer *w, const struct op *op);

/*
 * Body to struct, by the table: out is the struct of that type. CAIRN_ERR_UNKNOWN: no such type; CAIRN_ERR_FORMAT:
 * a field over its maximum, text that is no UTF-8, bytes left over. out is then zeros.
 */
CAIRN_NODISCARD int op_body_read(void *out, size_t out_bytes, const struct op *op);
/* Struct to body. What is over a field's maximum makes the writer fail. */
void op_body_write(struct writer *w, enum op_type type, const void *in);

#endif
