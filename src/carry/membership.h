// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_MEMBERSHIP_H
#define CAIRN_CARRY_MEMBERSHIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/span.h"

/*
 * Who is a member of what (docs/carry.md). A case is made of compartments, each of a kind; a device has roles. The
 * table below says for each kind and role: a, its devices are members from the beginning; e, they may be made
 * members by hand; -, never. Nothing else decides it.
 */

/* X(NAME, its column of the table, "name", what it does) */
#define ROLES(X)                                                                       \
	X(INTAKE, 0, "intake", "first contact: reads the drop and answers")            \
	X(CASE, 1, "case", "accompanies a person from plan to arrival")                \
	X(TRANSPORT, 2, "transport", "a leg of a journey")                             \
	X(SHELTER, 3, "shelter", "a place to stay")                                    \
	X(MEDICAL, 4, "medical", "body and mind")                                      \
	X(LEGAL, 5, "legal", "papers, visas, crossing")                                \
	X(DOCUMENTATION, 6, "documentation", "accounts, and the record made of them")  \
	X(SECURITY, 7, "security", "who is who, and what to do when somebody is taken") \
	X(PUBLISH, 8, "publish", "the board and the public site")                      \
	X(ADMIN, 9, "admin", "the desk's devices and money")

/*
 * X(NAME, number, "name", intake case transport shelter medical legal documentation security publish admin, apart,
 *   what it holds). apart: of these one device may be in one kind only, within a case: nobody sees a person's way,
 * place, account and name together.
 */
#define KINDS(X)                                                                                                   \
	X(DESK, 0, "desk", "aaaaaaaaaa", false, "what all devices know: roster, compartments by number, boxes")    \
	X(CONTACT, 1, "contact", "ae-----a--", false, "first contact: messages, language, danger, safe times")     \
	X(VERIFICATION, 2, "verification", "-e-----a--", false, "how it was made sure who is who")                 \
	X(PLAN, 3, "plan", "-e--------", false, "needs, way out, who depends on the person, consents")             \
	X(LEG, 4, "leg", "--e-------", true, "one leg of the journey")                                             \
	X(STAY, 5, "stay", "---e------", true, "one place to stay")                                                \
	X(MEDICAL, 6, "medical", "----e-----", false, "what doctor and psychologist need")                         \
	X(IDENTITY, 7, "identity", "-----e----", true, "legal name and papers")                                    \
	X(TESTIMONY, 8, "testimony", "------e---", true, "the account, under a code")                              \
	X(MONEY, 9, "money", "-e-------e", false, "what was spent, on what")                                       \
	X(RECORD, 10, "record", "------a-e-", false, "events and evidence, for the record that is published")       \
	X(SECURITY, 11, "security", "-------a--", false, "threats to the person, and what to do when they come true")

enum role {
#define ROLE_ENUM(NAME, column, name, text) ROLE_##NAME = (column),
	ROLES(ROLE_ENUM)
#undef ROLE_ENUM
	ROLE_COUNT
};

enum kind {
#define KIND_ENUM(NAME, number, name, members, apart, text) KIND_##NAME = (number),
	KINDS(KIND_ENUM)
#undef KIND_ENUM
	KIND_COUNT
};

enum membership {
	MEMBER_NEVER,
	MEMBER_BY_HAND,
	MEMBER_AT_ONCE,
};

struct kind_def {
	const char *name;
	const char *text;
	const char *members; /* a, e or - for each role */
	bool apart;
};

struct role_def {
	const char *name;
	const char *text;
};

/* NULL: no such kind, no such role. */
const struct kind_def *kind_find(uint8_t kind);
const struct role_def *role_find(uint8_t role);

/* By name, as staff type it. CAIRN_ERR_UNKNOWN. */
CAIRN_NODISCARD int kind_by_name(uint8_t *kind, struct cairn_span name);
CAIRN_NODISCARD int role_by_name(uint8_t *role, struct cairn_span name);

/* The roles of a roster's line, words joined by commas, as bits 1 << role. Words that are no role give nothing. */
uint32_t roles_read(struct cairn_span words);

/* The most that any of these roles gives. A kind that is not known: never. */
enum membership membership_of(uint8_t kind, uint32_t roles);

/* May one device not be in both, within one case? Two of the same kind are no conflict: each is added by hand. */
bool membership_apart(uint8_t kind, uint8_t other);

/*
 * May a device with these roles become a member by hand? held[held_count] are the kinds of the same case's
 * compartments that it is in; together: somebody said that it may see both all the same, which exposure shows.
 * CAIRN_ERR_UNKNOWN: no such kind; CAIRN_ERR_DENIED: no role of its allows it; CAIRN_ERR_CONFLICT: it is in one that
 * must stay apart.
 */
CAIRN_NODISCARD int membership_check(uint8_t kind, uint32_t roles, const uint8_t *held, size_t held_count,
    bool together);

#endif
