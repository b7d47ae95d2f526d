// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RECORD_FIELDS_H
#define CAIRN_RECORD_FIELDS_H

/*
 * The formats of the record as one table, of which everything else is made: operations and their reader, checks, JSON
 * and its schema, CSV, what commands ask and show, docs/record-fields.md. The formats, their fields and numbers are
 * those of the HURIDOCS Events Standard Formats; what these do not have bears a number from 4000 on, or one of 33
 * between the torture format's own (the Istanbul Protocol). A number is never used again for something else.
 *
 *	X(kind, number, name, type, of, level, flags, preset, help)
 *
 * type, of:	LINE one line of text, TEXT lines, NOTES texts that are only ever added, TERM a code of vocabulary
 *		`of`, DATE with its precision, NUMBER up to `of`, TIME, REF the id of an entity of kind `of` (0: any);
 *		LINES, TERMS, REFS: sets of these.
 * level:	who may see it where an entity says nothing else: OPEN anybody, PARTNER, COURT, DESK nobody outside.
 * flags:	REQUIRED; NAMING: may tell who somebody is, and stays out of what is published without names.
 * preset:	what a new entity gets where nothing is said.
 */

/* X(number, name, letter of its codes, flags, help) */
#define RECORD_KINDS(X)                                                                              \
	X(1, event, 'E', 0, "something that happened, with beginning and end")                       \
	X(2, act, 'A', 0, "one thing done to one victim, in an event")                               \
	X(3, person, 'P', 0, "a person or a group, in whatever role")                                \
	X(4, involvement, 'V', 0, "a perpetrator's part in an act")                                  \
	X(5, information, 'N', 0, "what a source says about an event, and how it knows")             \
	X(6, intervention, 'I', 0, "what somebody did about an event or for a victim")               \
	X(7, chain, 'C', 0, "how two events hang together")                                          \
	X(8, biography, 'B', 0, "more on a person's life, or how two persons are related")           \
	X(9, document, 'D', 0, "a supporting document")                                              \
	X(10, account, 'T', 0, "a testimony under its code, and what its giver allows")  \
	X(11, link, 'L', RECORD_INSIDE, "in a case, the code of the account that was given in it")

/* In every kind. The standard's numbers end so in each of its formats. */
#define RECORD_COMMON(X, K)                                                                                   \
	X(K, 60, received, DATE, 0, PARTNER, 0, NULL, "when the desk heard of it")                            \
	X(K, 61, entered_at, TIME, 0, DESK, 0, NULL, "when it was entered")                                   \
	X(K, 62, entered_by, LINE, 0, DESK, 0, NULL, "the device that entered it")                            \
	X(K, 63, project, LINE, 0, DESK, 0, NULL, "project it belongs to")                                    \
	X(K, 64, entered_from, LINE, 0, DESK, 0, NULL, "what it was entered from: a form, a bundle, a file")  \
	X(K, 65, comments, NOTES, 0, DESK, 0, NULL, "comments for those who keep the record")                 \
	X(K, 68, grouping, LINE, 0, DESK, 0, NULL, "group of records it is kept with")                        \
	X(K, 69, code, LINE, 0, DESK, 0, NULL, "the desk's own code for it, as in graphs of sources")         \
	X(K, 72, monitoring, TERM, 43, DESK, 0, NULL, "is it still being worked on")                          \
	X(K, 73, accounts, REFS, 10, DESK, 0, NULL, "the accounts that it rests on: their consent binds it")  \
	X(K, 66, documents, REFS, 9, PARTNER, 0, NULL, "supporting documents")

#define RECORD_EVENT(X, K)                                                                                          \
	X(K, 102, title, LINE, 0, OPEN, REQUIRED, NULL, "title")                                                    \
	X(K, 111, places, LINES, 0, OPEN, 0, NULL, "country or region, each a place")                               \
	X(K, 112, local_areas, LINES, 0, PARTNER, 0, NULL, "town, village, part of a city")                         \
	X(K, 113, begin, DATE, 0, OPEN, 0, NULL, "when it began")                                                   \
	X(K, 114, end, DATE, 0, OPEN, 0, NULL, "when it ended")                                                     \
	X(K, 115, description, TEXT, 0, OPEN, 0, NULL, "what happened")                                             \
	X(K, 116, impact, TEXT, 0, OPEN, 0, NULL, "what came of it")                                                \
	X(K, 150, remarks, TEXT, 0, PARTNER, 0, NULL, "remarks")                                                    \
	X(K, 151, violation_status, TERM, 41, OPEN, 0, NULL, "how sure it is that rights were violated")            \
	X(K, 152, violations, TERMS, 2, OPEN, 0, NULL, "kinds of violation")                                        \
	X(K, 153, rights, TERMS, 3, OPEN, 0, NULL, "rights that were violated")                                     \
	X(K, 155, index, LINES, 0, OPEN, 0, NULL, "the desk's own index words")                                     \
	RECORD_COMMON(X, K)

/* What is behind 3100 are the standard's further details of an act: arrest, killing, torture, destruction. */
#define RECORD_ACT(X, K)                                                                                            \
	X(K, 2102, victim, REF, 3, PARTNER, REQUIRED, NULL, "to whom it was done")                                  \
	X(K, 2103, event, REF, 1, OPEN, REQUIRED, NULL, "the event it belongs to")                                  \
	X(K, 2109, type, TERM, 4, OPEN, REQUIRED, NULL, "what was done")                                            \
	X(K, 2111, begin, DATE, 0, OPEN, 0, NULL, "when it began")                                                  \
	X(K, 2112, location, LINE, 0, COURT, NAMING, NULL, "exact place")                                           \
	X(K, 2113, stated_reason, TEXT, 0, OPEN, 0, NULL, "the reason that the perpetrators gave")                  \
	X(K, 2114, methods, TERMS, 5, OPEN, 0, NULL, "how it was done")                                             \
	X(K, 2115, attribution, TERMS, 28, OPEN, 0, NULL, "who has admitted or denied it")                          \
	X(K, 2116, physical_consequences, TEXT, 0, COURT, NAMING, NULL, "what it did to the body")                  \
	X(K, 2117, psychological_consequences, TEXT, 0, COURT, NAMING, NULL, "what it did to the mind")             \
	X(K, 2118, age, NUMBER, 130, COURT, NAMING, NULL, "the victim's age at that time")                          \
	X(K, 2121, end, DATE, 0, OPEN, 0, NULL, "when it ended")                                                    \
	X(K, 2122, location_end, LINE, 0, COURT, NAMING, NULL, "exact place where it ended")                        \
	X(K, 2123, status_end, TERM, 25, PARTNER, 0, NULL, "how it was with the victim when it ended")              \
	X(K, 2150, remarks, TEXT, 0, PARTNER, 0, NULL, "remarks")                                                   \
	X(K, 2152, characteristics, TERMS, 23, PARTNER, 0, NULL, "what about the victim made him one")              \
	X(K, 2153, location_type, TERM, 17, OPEN, 0, NULL, "kind of place")                                         \
	X(K, 2154, national_law, LINES, 0, OPEN, 0, NULL, "law of the country that it breaks")                      \
	X(K, 2155, instruments, TERMS, 6, OPEN, 0, NULL, "international instruments that it breaks")                \
	X(K, 3110, arrest_description, TEXT, 0, PARTNER, 0, NULL, "arrest: what is known of the case")              \
	X(K, 3112, detention_type, TERM, 29, OPEN, 0, NULL, "arrest: under what rule he was held")                  \
	X(K, 3113, detention_conditions, TEXT, 0, PARTNER, 0, NULL, "arrest: how he was held")                      \
	X(K, 3114, outside_contact, TERMS, 30, OPEN, 0, NULL, "arrest: is the place known, may he be reached")      \
	X(K, 3115, counsel, TERMS, 31, OPEN, 0, NULL, "arrest: lawyer")                                             \
	X(K, 3116, court, TERMS, 32, OPEN, 0, NULL, "arrest: kind of court")                                        \
	X(K, 3117, court_language, TERM, 33, OPEN, 0, NULL, "arrest: language of the proceedings")                  \
	X(K, 3118, court_case_code, LINE, 0, COURT, NAMING, NULL, "arrest: the court's number of the case")         \
	X(K, 3119, court_case_name, LINE, 0, COURT, NAMING, NULL, "arrest: the court's name of the case")           \
	X(K, 3212, autopsy, TERM, 34, OPEN, 0, NULL, "killing: was the body examined")                              \
	X(K, 3213, death_certificate, TERM, 35, OPEN, 0, NULL, "killing: death certificate")                        \
	X(K, 3311, statements_signed, TERMS, 36, OPEN, 0, NULL, "torture: papers that he had to sign")              \
	X(K, 3312, medical_attention, TERMS, 37, OPEN, 0, NULL, "torture: doctors, then and after")                 \
	X(K, 3320, allegation, TEXT, 0, COURT, NAMING, NULL, "torture: the allegation, as it was made")             \
	X(K, 3321, torture_methods, TERMS, 104, OPEN, 0, NULL, "torture: methods alleged")                          \
	X(K, 3322, physical_evidence, TEXT, 0, COURT, NAMING, NULL, "torture: findings on the body")                \
	X(K, 3323, physical_consistency, TERM, 103, COURT, 0, NULL, "torture: how these agree with the allegation") \
	X(K, 3324, psychological_evidence, TEXT, 0, COURT, NAMING, NULL, "torture: findings on the mind")           \
	X(K, 3325, psychological_consistency, TERM, 103, COURT, 0, NULL, "torture: how these agree with it")        \
	X(K, 3326, examiner, LINE, 0, DESK, NAMING, NULL, "torture: who examined")                                  \
	X(K, 3327, examined, DATE, 0, COURT, 0, NULL, "torture: when")                                              \
	X(K, 3328, examined_where, LINE, 0, DESK, NAMING, NULL, "torture: where")                                   \
	X(K, 3329, examined_freely, TERM, 107, COURT, 0, NULL, "torture: alone with the examiner, and not held")    \
	X(K, 3330, consistency, TERM, 103, COURT, 0, NULL, "torture: all findings and the allegation")              \
	X(K, 3331, examination_limits, TEXT, 0, COURT, 0, NULL, "torture: what could not be examined, and why")     \
	X(K, 3351, intent, TERMS, 38, OPEN, 0, NULL, "torture: what it was for")                                    \
	X(K, 3410, property_loss, TEXT, 0, PARTNER, 0, NULL, "destruction: what was destroyed or taken")            \
	X(K, 3411, property_value, LINE, 0, PARTNER, 0, NULL, "destruction: its value, with the currency")          \
	X(K, 3412, compensation, TERM, 47, OPEN, 0, NULL, "destruction: compensation")                              \
	RECORD_COMMON(X, K)

#define RECORD_PERSON(X, K)                                                                                         \
	X(K, 902, counting_unit, TERM, 7, OPEN, 0, NULL, "one person, a family, a group")                           \
	X(K, 903, name, LINE, 0, DESK, NAMING, NULL, "name; leave it empty where the record needs none")            \
	X(K, 904, other_names, LINES, 0, DESK, NAMING, NULL, "other names")                                         \
	X(K, 910, address, TEXT, 0, DESK, NAMING, NULL, "address")                                                  \
	X(K, 911, born, DATE, 0, DESK, NAMING, NULL, "date of birth")                                               \
	X(K, 912, birthplace, LINE, 0, DESK, NAMING, NULL, "place of birth")                                        \
	X(K, 915, sex, TERM, 39, PARTNER, 0, NULL, "sex")                                                           \
	X(K, 916, orientation, TERM, 67, DESK, NAMING, NULL, "sexual orientation, as the person says")              \
	X(K, 917, identity_papers, TEXT, 0, DESK, NAMING, NULL, "identity papers")                                  \
	X(K, 918, civil_status, TERM, 8, DESK, NAMING, NULL, "civil status")                                        \
	X(K, 919, dependants, NUMBER, 1000, DESK, NAMING, NULL, "persons who depend on this one")                   \
	X(K, 920, education, TERM, 9, DESK, NAMING, NULL, "education")                                              \
	X(K, 922, occupations, TERMS, 10, DESK, NAMING, NULL, "occupation")                                         \
	X(K, 923, local_occupations, LINES, 0, DESK, NAMING, NULL, "occupation, in the words used there")           \
	X(K, 924, health, TEXT, 0, DESK, NAMING, NULL, "health")                                                    \
	X(K, 925, medical_records, TEXT, 0, DESK, NAMING, NULL, "medical records")                                  \
	X(K, 926, appearance, TEXT, 0, DESK, NAMING, NULL, "what the person looks like")                            \
	X(K, 927, deceased, TERM, 107, PARTNER, 0, NULL, "has the person died")                                     \
	X(K, 928, died, DATE, 0, PARTNER, 0, NULL, "date of death")                                                 \
	X(K, 930, group_description, TEXT, 0, OPEN, 0, NULL, "group: what it is")                                   \
	X(K, 931, group_size, NUMBER, 100000000, OPEN, 0, NULL, "group: how many")                                  \
	X(K, 940, religion, TERM, 12, DESK, NAMING, NULL, "religion")                                               \
	X(K, 941, citizenships, LINES, 0, DESK, NAMING, NULL, "citizenship")                                        \
	X(K, 942, ethnic_backgrounds, LINES, 0, DESK, NAMING, NULL, "ethnic background")                            \
	X(K, 944, characteristics, TERMS, 23, DESK, NAMING, NULL, "general characteristics")                        \
	X(K, 945, languages, LINES, 0, DESK, NAMING, NULL, "languages")                                             \
	X(K, 950, remarks, TEXT, 0, DESK, NAMING, NULL, "remarks")                                                  \
	X(K, 953, source_grade, TERM, 101, DESK, 0, "F", "reliability as a source, A to F; a newcomer is F")        \
	X(K, 954, intervener_grade, TERM, 101, DESK, 0, NULL, "reliability as an intervening party, A to F")        \
	X(K, 4101, label, LINE, 0, OPEN, REQUIRED, NULL, "what the record calls it: a code, or a public name")      \
	X(K, 4102, web, LINES, 0, OPEN, NAMING, NULL, "web address")                                                \
	RECORD_COMMON(X, K)

#define RECORD_INVOLVEMENT(X, K)                                                                                    \
	X(K, 2402, perpetrator, REF, 3, PARTNER, REQUIRED, NULL, "who took part")                                   \
	X(K, 2403, event, REF, 1, OPEN, 0, NULL, "the event")                                                       \
	X(K, 2404, act, REF, 2, OPEN, REQUIRED, NULL, "the act")                                                    \
	X(K, 2409, degree, TERM, 18, PARTNER, 0, NULL, "what part it was")                                          \
	X(K, 2412, perpetrator_types, TERMS, 24, OPEN, 0, NULL, "what kind of perpetrator")                         \
	X(K, 2422, latest_status, TERM, 26, PARTNER, 0, NULL, "what has become of the perpetrator since")           \
	X(K, 2450, remarks, TEXT, 0, PARTNER, 0, NULL, "remarks")                                                   \
	RECORD_COMMON(X, K)

#define RECORD_INFORMATION(X, K)                                                                                    \
	X(K, 2502, source, REF, 3, PARTNER, REQUIRED, NULL, "who says so")                                          \
	X(K, 2503, event, REF, 1, OPEN, REQUIRED, NULL, "about which event")                                        \
	X(K, 2504, related_person, REF, 3, PARTNER, 0, NULL, "about which person")                                  \
	X(K, 2509, connection, TERM, 19, PARTNER, 0, NULL, "how the source knows")                                  \
	X(K, 2510, languages, LINES, 0, PARTNER, 0, NULL, "language of the material")                               \
	X(K, 2511, date, DATE, 0, OPEN, 0, NULL, "date of the material")                                            \
	X(K, 2512, material, TERMS, 16, OPEN, 0, NULL, "kind of material")                                          \
	X(K, 2550, remarks, TEXT, 0, PARTNER, 0, NULL, "remarks")                                                   \
	X(K, 2553, information_grade, TERM, 102, PARTNER, 0, "6", "is it true, 1 to 6; what is new is 6")           \
	X(K, 4201, source_grade, TERM, 101, PARTNER, 0, "F", "reliability of the source in this, A to F")           \
	X(K, 4202, stance, TERM, 106, OPEN, 0, NULL, "does it report, deny or take back")                           \
	X(K, 4203, says, TEXT, 0, OPEN, 0, NULL, "what it says")                                                    \
	X(K, 4204, web, LINE, 0, OPEN, 0, NULL, "web address of the material")                                      \
	X(K, 4205, relies_on, REFS, 5, OPEN, 0, NULL, "the information that this one rests on")                     \
	X(K, 4206, coercion, TERM, 105, PARTNER, 0, NULL, "was the source under pressure when it said so")          \
	RECORD_COMMON(X, K)

#define RECORD_INTERVENTION(X, K)                                                                                   \
	X(K, 2602, party, REF, 3, PARTNER, REQUIRED, NULL, "who intervened")                                        \
	X(K, 2603, event, REF, 1, OPEN, 0, NULL, "about which event")                                               \
	X(K, 2604, victim, REF, 3, PARTNER, 0, NULL, "for whom")                                                    \
	X(K, 2609, types, TERMS, 20, OPEN, 0, NULL, "what was done")                                                \
	X(K, 2611, date, DATE, 0, OPEN, 0, NULL, "when")                                                            \
	X(K, 2612, parties_requested, TEXT, 0, PARTNER, 0, NULL, "who was asked")                                   \
	X(K, 2613, response, TERM, 27, PARTNER, 0, NULL, "what they answered")                                      \
	X(K, 2614, impact, TERM, 44, PARTNER, 0, NULL, "what it changed")                                           \
	X(K, 2650, remarks, TEXT, 0, PARTNER, 0, NULL, "remarks")                                                   \
	X(K, 2651, intervention_status, TERM, 45, PARTNER, 0, NULL, "how far it has come")                          \
	X(K, 2652, priority, TERM, 46, DESK, 0, NULL, "priority")                                                   \
	RECORD_COMMON(X, K)

#define RECORD_CHAIN(X, K)                                                                                          \
	X(K, 2202, event, REF, 1, OPEN, REQUIRED, NULL, "the event")                                                \
	X(K, 2203, related_event, REF, 1, OPEN, REQUIRED, NULL, "the other event")                                  \
	X(K, 2209, type, TERM, 22, OPEN, REQUIRED, NULL, "what the other is to the first")                          \
	X(K, 2250, remarks, TEXT, 0, PARTNER, 0, NULL, "remarks")                                                   \
	RECORD_COMMON(X, K)

#define RECORD_BIOGRAPHY(X, K)                                                                                      \
	X(K, 2302, person, REF, 3, DESK, REQUIRED, NULL, "the person")                                              \
	X(K, 2303, related_person, REF, 3, DESK, NAMING, NULL, "the other person")                                  \
	X(K, 2309, relationship, TERM, 21, DESK, NAMING, NULL, "what the other is to the first")                    \
	X(K, 2310, begin, DATE, 0, DESK, NAMING, NULL, "since when")                                                \
	X(K, 2311, end, DATE, 0, DESK, NAMING, NULL, "until when")                                                  \
	X(K, 2320, education, TERM, 9, DESK, NAMING, NULL, "education and training")                                \
	X(K, 2322, employment, LINE, 0, DESK, NAMING, NULL, "employment")                                           \
	X(K, 2323, affiliation, LINE, 0, DESK, NAMING, NULL, "affiliation")                                         \
	X(K, 2327, position, LINE, 0, DESK, NAMING, NULL, "position in an organisation")                            \
	X(K, 2328, rank, LINE, 0, DESK, NAMING, NULL, "rank")                                                       \
	X(K, 2350, remarks, TEXT, 0, DESK, NAMING, NULL, "remarks")                                                 \
	RECORD_COMMON(X, K)

#define RECORD_DOCUMENT(X, K)                                                                                       \
	X(K, 4301, title, LINE, 0, OPEN, REQUIRED, NULL, "title")                                                   \
	X(K, 4302, material, TERM, 16, OPEN, 0, NULL, "kind of material")                                           \
	X(K, 4303, date, DATE, 0, OPEN, 0, NULL, "its date")                                                        \
	X(K, 4304, language, LINE, 0, OPEN, 0, NULL, "its language")                                                \
	X(K, 4305, web, LINE, 0, OPEN, 0, NULL, "web address")                                                      \
	X(K, 4306, media_type, LINE, 0, OPEN, 0, NULL, "media type of the file")                                    \
	X(K, 4307, sha256, LINE, 0, OPEN, 0, NULL, "SHA-256 of the file, in hex")                                   \
	X(K, 4308, blake2b, LINE, 0, OPEN, 0, NULL, "BLAKE2b of the file, in hex")                                  \
	X(K, 4309, description, TEXT, 0, PARTNER, 0, NULL, "what it shows")                                         \
	RECORD_COMMON(X, K)

#define RECORD_ACCOUNT(X, K)                                                                                        \
	X(K, 4401, consent, TERMS, 100, DESK, 0, NULL, "what its giver allows it to be used for")                   \
	X(K, 4402, consent_withdrawn, TERMS, 100, DESK, 0, NULL, "what he has withdrawn since: it counts more")     \
	X(K, 4403, consent_partners, LINES, 0, DESK, 0, NULL, "the partners that he has named")                     \
	X(K, 4404, consent_date, DATE, 0, DESK, 0, NULL, "when he was asked last")                                  \
	X(K, 4405, consent_limits, TEXT, 0, DESK, NAMING, NULL, "limits, in his words")                             \
	X(K, 4406, taken, DATE, 0, COURT, NAMING, NULL, "when it was taken down")                                   \
	X(K, 4407, taken_by, LINE, 0, DESK, NAMING, NULL, "by whom")                                                \
	X(K, 4408, language, LINE, 0, COURT, 0, NULL, "language")                                                   \
	X(K, 4409, material, TERM, 16, COURT, 0, NULL, "kind of material")                                          \
	X(K, 4410, text, TEXT, 0, COURT, NAMING, NULL, "the account")                                               \
	X(K, 4411, custody, TERM, 108, COURT, 0, NULL, "is it sure who has had it since")                           \
	X(K, 4412, coercion, TERM, 105, COURT, 0, NULL, "was he under pressure")                                    \
	RECORD_COMMON(X, K)

#define RECORD_LINK(X, K)                                                                                           \
	X(K, 4501, account, REF, 10, DESK, REQUIRED, NULL, "the account that was given in this case")               \
	RECORD_COMMON(X, K)

/* Who may see: in the order of fewer and fewer. X(number, name, help) */
#define RECORD_LEVELS(X)                                                   \
	X(0, OPEN, "open", "may be published")                             \
	X(1, PARTNER, "partner", "partners, those who help, courts")       \
	X(2, COURT, "court", "those who help, courts, the UN")             \
	X(3, DESK, "desk", "nobody outside the desk")

/* What something may be used for: codes of vocabulary 100. X(number, name, code, highest level, names, help) */
#define RECORD_PURPOSES(X)                                                                         \
	X(0, HELP, "help", "01", COURT, true, "to help the person")                                \
	X(1, INTERNAL, "internal", "02", DESK, true, "the desk's own record")                      \
	X(2, PARTNER, "partner", "03", PARTNER, true, "a partner that the person has named")       \
	X(3, COURT, "court", "04", COURT, true, "a court, or the UN")                              \
	X(4, ANONYMOUS, "public-anonymous", "05", OPEN, false, "publication without names")        \
	X(5, NAMED, "public-named", "06", OPEN, true, "publication with names")

#endif
