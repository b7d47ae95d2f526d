// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CARRY_FIELDS_H
#define CAIRN_CARRY_FIELDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/span.h"
#include "carry/membership.h"

/*
 * What can be said in a compartment of each kind (docs/carry.md, which has this table): a register has one value,
 * the last that was set; a set has any number of elements. Folding does not know it (fold.h): a field or a value that
 * a newer version has said is kept, and shown as what it is.
 *
 * What is not asked has no field: nobody is asked for other people's names.
 */

/*
 * A value's bytes: text is UTF-8 without U+0000; number and time (Unix seconds) are 8, at most INT64_MAX; date is
 * text, YYYY, YYYY-MM or YYYY-MM-DD; flag is one, 0 or 1; choice is one, from 0; entry is its parts one after the
 * other, each behind its u16 length. An empty value sets a register back to nothing.
 */
#define FIELD_ENTRY_MAX 1024U
#define FIELD_PARTS_MAX 8U

#define CHOICES(text) text, NULL
#define PARTS(name) NULL, parts_##name
#define PLAIN NULL, NULL

#define CONSENT CHOICES("not asked|given|refused|taken back")
#define RESULT CHOICES("open|who they say|somebody else|not to be told")
#define NEEDS CHOICES("other|shelter|a way out|doctor|lawyer|money|papers|someone to talk to|for somebody else")
#define STAGES                                                                                                      \
	CHOICES("first contact|triage or referral|both sides verify|plan and consent|on the way|waiting|testimony|" \
		"crossing|after arrival|closed")

/* The categories that spending is told by (docs/carry.md). */
#define SPENDING \
	"other|social workers|travel|visas and departure|housing|food|medical|advocacy|staff round the clock"

/* Entries: E(type, "name", most bytes, choices) */
#define PARTS_spending(E)                \
	E(number, "cents", 8, NULL)      \
	E(text, "currency", 3, NULL)     \
	E(choice, "category", 1, SPENDING) \
	E(date, "date", 10, NULL)        \
	E(text, "paid by", 128, NULL)
#define PARTS_document(E)           \
	E(text, "document", 64, NULL) \
	E(text, "number", 64, NULL) \
	E(text, "country", 64, NULL) \
	E(date, "expires", 10, NULL)

/* X(KIND, NAME, number below the kind's, shape, type, most bytes, choices or parts, "name", what it is) */
#define FIELDS(X)                                                                                                   \
	X(CONTACT, ALIAS, 1, REGISTER, text, 64, PLAIN, "alias", \
	        "what staff call the person; means nothing outside") \
	X(CONTACT, LANGUAGE, 2, REGISTER, text, 35, PLAIN, "language", "language, as a BCP 47 tag") \
	X(CONTACT, DANGER, 3, REGISTER, choice, 1, CHOICES("not said|this week|today|now"), "danger", \
	        "how near the danger is") \
	X(CONTACT, REGION, 4, REGISTER, text, 64, PLAIN, "region", "a coarse region, never a place") \
	X(CONTACT, UNDER_AGE, 5, REGISTER, choice, 1, CHOICES("not asked|no|yes"), "under age", \
	        "whether the person is under age") \
	X(CONTACT, SAFE_TIME, 6, SET, text, 128, PLAIN, "safe time", "when and how an answer is safe") \
	X(CONTACT, NEED, 7, SET, choice, 1, NEEDS, "need", "what the person asks for") \
	X(CONTACT, STAGE, 8, REGISTER, choice, 1, STAGES, "stage", "where it stands") \
	X(CONTACT, STATE_NOTE, 9, REGISTER, text, 512, PLAIN, "state note", "why it stands so") \
	X(CONTACT, REFERRED, 10, REGISTER, text, 128, PLAIN, "referred", "the organisation that has taken over") \
	X(CONTACT, OFFICER, 11, REGISTER, text, 64, PLAIN, "officer", "who looks after it, by alias") \
	X(CONTACT, VERIFIED, 12, REGISTER, choice, 1, RESULT, "verified", \
	        "what verifying gave; stays when its material is gone") \
	X(CONTACT, GRADE, 13, REGISTER, text, 2, PLAIN, "grade", \
	        "source A to F, information 1 to 6; a newcomer starts at F") \
	X(CONTACT, VERIFIED_ON, 14, REGISTER, date, 10, PLAIN, "verified on", "when it was decided") \
	X(CONTACT, REVIEW, 15, REGISTER, date, 10, PLAIN, "review", "when somebody looks at it again") \
	X(VERIFICATION, QUESTION, 1, SET, text, 512, PLAIN, "question", "what was asked") \
	X(VERIFICATION, ANSWER, 2, SET, text, 1024, PLAIN, "answer", "what was answered") \
	X(VERIFICATION, CHECK, 3, SET, text, 1024, PLAIN, "check", "an independent check, and what it gave") \
	X(VERIFICATION, RESULT_SO_FAR, 4, REGISTER, choice, 1, RESULT, "result", "what it comes to so far") \
	X(VERIFICATION, GRADE_SO_FAR, 5, REGISTER, text, 2, PLAIN, "grade", "source and information, so far") \
	X(VERIFICATION, DATE, 6, REGISTER, date, 10, PLAIN, "date", "when it was last looked at") \
	X(PLAN, NEED, 1, SET, text, 256, PLAIN, "need", "what is needed") \
	X(PLAN, ROUTE, 2, REGISTER, text, 2048, PLAIN, "route", "the way that is thought of") \
	X(PLAN, DEPENDANT, 3, SET, text, 256, PLAIN, "dependant", "who depends on the person, by alias") \
	X(PLAN, HEALTH, 4, REGISTER, text, 512, PLAIN, "health", "what matters for travelling") \
	X(PLAN, PAPERS, 5, REGISTER, text, 512, PLAIN, "papers", "which papers there are, without their numbers") \
	X(PLAN, PARTNER, 6, SET, text, 128, PLAIN, "partner", "a partner that consent was given for") \
	X(PLAN, CONSENT_HELP, 10, REGISTER, choice, 1, CONSENT, "consent to help", "to be helped") \
	X(PLAN, CONSENT_RECORD, 11, REGISTER, choice, 1, CONSENT, "consent to record", "to an internal record") \
	X(PLAN, CONSENT_PARTNER, 12, REGISTER, choice, 1, CONSENT, "consent to partner", "to tell a named partner") \
	X(PLAN, CONSENT_COURT, 13, REGISTER, choice, 1, CONSENT, "consent to court", "to tell a court or the UN") \
	X(PLAN, CONSENT_ANONYMOUS, 14, REGISTER, choice, 1, CONSENT, "consent to anonymous", \
	        "to be published, anonymous") \
	X(PLAN, CONSENT_NAMED, 15, REGISTER, choice, 1, CONSENT, "consent to named", "to be published, with a name") \
	X(LEG, ALIAS, 1, REGISTER, text, 64, PLAIN, "alias", "the name for this leg, of its own") \
	X(LEG, POINT, 2, REGISTER, text, 512, PLAIN, "point", "where to meet") \
	X(LEG, FROM, 3, REGISTER, time, 8, PLAIN, "from", "from when") \
	X(LEG, UNTIL, 4, REGISTER, time, 8, PLAIN, "until", "until when") \
	X(LEG, WORDS, 5, REGISTER, text, 256, PLAIN, "words", "the words by which they know each other") \
	X(LEG, TRANSPORT, 6, REGISTER, text, 256, PLAIN, "transport", "how they travel") \
	X(LEG, STATE, 7, REGISTER, choice, 1, CHOICES("planned|under way|arrived|missed"), "state", \
	        "how it stands with the leg") \
	X(STAY, ADDRESS, 1, REGISTER, text, 512, PLAIN, "address", "where it is") \
	X(STAY, HOST, 2, REGISTER, text, 256, PLAIN, "host", "who lets them stay, and how to reach them") \
	X(STAY, ROOM_FOR, 3, REGISTER, number, 8, PLAIN, "room for", "for how many people") \
	X(STAY, FROM, 4, REGISTER, time, 8, PLAIN, "from", "from when") \
	X(STAY, UNTIL, 5, REGISTER, time, 8, PLAIN, "until", "until when") \
	X(STAY, RULES, 6, REGISTER, text, 1024, PLAIN, "rules", "what holds in that house") \
	X(MEDICAL, STATE, 1, REGISTER, text, 2048, PLAIN, "state", "how the person is") \
	X(MEDICAL, MEDICINE, 2, SET, text, 256, PLAIN, "medicine", "what the person takes") \
	X(MEDICAL, ALLERGY, 3, SET, text, 256, PLAIN, "allergy", "what the person must not have") \
	X(MEDICAL, VISIT, 4, SET, text, 512, PLAIN, "visit", "a visit, and what it gave") \
	X(MEDICAL, URGENT, 5, REGISTER, flag, 1, PLAIN, "urgent", "cannot wait") \
	X(IDENTITY, LEGAL_NAME, 1, REGISTER, text, 256, PLAIN, "legal name", "as it stands in the papers") \
	X(IDENTITY, BORN, 2, REGISTER, date, 10, PLAIN, "born", "date of birth") \
	X(IDENTITY, NATIONALITY, 3, REGISTER, text, 64, PLAIN, "nationality", "nationality, or none") \
	X(IDENTITY, DOCUMENT, 4, SET, entry, FIELD_ENTRY_MAX, PARTS(document), "document", \
	        "a paper: kind, number, country, expiry") \
	X(IDENTITY, VISA, 5, REGISTER, text, 2048, PLAIN, "visa", "how it stands with the visa") \
	X(IDENTITY, TICKET, 6, SET, text, 512, PLAIN, "ticket", "a ticket") \
	X(TESTIMONY, CODE, 1, REGISTER, text, 32, PLAIN, "code", "the code that the account is kept under") \
	X(TESTIMONY, ACCOUNT, 2, REGISTER, text, 4096, PLAIN, "account", "the account; longer ones go on in notes") \
	X(TESTIMONY, INJURY, 3, SET, text, 1024, PLAIN, "injury", "an injury, as documented") \
	X(TESTIMONY, MEDIA, 4, SET, text, 256, PLAIN, "media", "a photograph, film or paper") \
	X(TESTIMONY, PARTNER, 5, SET, text, 128, PLAIN, "partner", "a partner that consent was given for") \
	X(TESTIMONY, CONSENT_RECORD, 11, REGISTER, choice, 1, CONSENT, "consent to record", "to an internal record") \
	X(TESTIMONY, CONSENT_PARTNER, 12, REGISTER, choice, 1, CONSENT, "consent to partner", \
	        "to tell a named partner") \
	X(TESTIMONY, CONSENT_COURT, 13, REGISTER, choice, 1, CONSENT, "consent to court", \
	        "to tell a court or the UN") \
	X(TESTIMONY, CONSENT_ANONYMOUS, 14, REGISTER, choice, 1, CONSENT, "consent to anonymous", \
	        "to be published, anonymous") \
	X(TESTIMONY, CONSENT_NAMED, 15, REGISTER, choice, 1, CONSENT, "consent to named", \
	        "to be published, with a name") \
	X(MONEY, SPENT, 1, SET, entry, FIELD_ENTRY_MAX, PARTS(spending), "spent", \
	        "what was spent: cents, currency, category, date, who paid") \
	X(RECORD, CODE, 1, REGISTER, text, 32, PLAIN, "code", "the code of the account that it rests on") \
	X(SECURITY, THREAT, 1, SET, text, 1024, PLAIN, "threat", "a threat, and from whom") \
	X(SECURITY, WORD, 2, REGISTER, text, 256, PLAIN, "word", "the agreed word whose absence is the alarm") \
	X(SECURITY, KNOWN_TO, 3, SET, text, 256, PLAIN, "known to", \
	        "who outside the desk knows of the person, by alias") \
	X(SECURITY, IF_TAKEN, 4, REGISTER, text, 2048, PLAIN, "if taken", "what to do if the person is taken") \
	X(SECURITY, WATCHED, 5, REGISTER, flag, 1, PLAIN, "watched", \
	        "somebody may read or write in the person's place")

#define FIELD_NUMBER(KIND, number) ((uint16_t)(KIND_##KIND << 8 | (number)))

enum field {
#define FIELD_ENUM(KIND, NAME, number, ...) FIELD_##KIND##_##NAME = KIND_##KIND << 8 | (number),
	FIELDS(FIELD_ENUM)
#undef FIELD_ENUM
};

enum field_shape {
	FIELD_REGISTER,
	FIELD_SET,
};

enum field_type {
	FIELD_text,
	FIELD_number,
	FIELD_time,
	FIELD_date,
	FIELD_flag,
	FIELD_choice,
	FIELD_entry,
};

/* A part of an entry. The last of an array has no name. */
struct field_part {
	enum field_type type;
	const char *name;
	size_t most;
	const char *choices;
};

/* A row of the table. */
struct field_def {
	uint16_t number;
	enum field_shape shape;
	enum field_type type;
	size_t most;
	const char *choices;             /* of a choice: names from 0 on, between bars */
	const struct field_part *parts; /* of an entry */
	const char *name;
	const char *text;
};

extern const struct field_def field_table[];
extern const size_t field_count;

/* NULL: no such field. The kind is its number's upper byte. */
const struct field_def *field_find(uint16_t number);
/* NULL: a compartment of that kind has no such field. */
const struct field_def *field_by_name(uint8_t kind, struct cairn_span name);

/* "text", "number" and so on. */
const char *field_type_name(enum field_type type);

/* The name of a choice; empty with a NULL pointer where there is none of that number. */
struct cairn_span field_choice(const char *choices, uint8_t number);

/* CAIRN_ERR_FORMAT: not a value of that field; CAIRN_ERR_RANGE: over its most bytes. An empty one is a register's. */
CAIRN_NODISCARD int field_check(const struct field_def *def, struct cairn_span value);

/* The part of a well-formed entry; false when there are no more. Begin with *at = 0 and def->parts. */
bool field_part_next(struct cairn_span *part, struct cairn_span entry, size_t *at);

/* 8 bytes as a number or a time; 0 for any other length. */
uint64_t field_u64(struct cairn_span value);

#endif
