// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_DETAILS_H
#define CAIRN_CLI_DETAILS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cairn/tlv.h"

/*
 * The words in which a terminal says what records hold in numbers (docs/protocol.md, section 12). Each reader is
 * false for anything else, and has told nothing.
 */

/* "shelter", "way-out", ...: u8 of a need record. */
bool need_read(uint8_t *ret_need, const char *text);
const char *need_name(uint8_t need); /* "other" for numbers without a name */
extern const char need_names[];      /* all of them, for a message */

/* "week", "today", "now" */
bool urgency_read(uint8_t *ret_urgency, const char *text);
const char *urgency_name(uint8_t urgency);

/* "18:00-20:30" or "18:00-20:30@mon,tue", in UTC. */
#define ANSWER_WINDOW_BYTES 5U
bool window_read(uint8_t value[ANSWER_WINDOW_BYTES], const char *text);

/* "2026-11-24T18" or "+48" (hours from now), UTC; "0" for not said. */
bool hour_read(uint32_t *ret_hour, const char *text, uint32_t now);

/* A msgid in hex, or "all". */
bool retraction_read(uint8_t msgid[CAIRN_MSGID_BYTES], const char *text);

/* "3" or "3:5": a number up to max, and the descriptor on which its text comes; -1 for none. */
bool numbered_read(uint16_t *ret_number, int *ret_fd, const char *text, uint16_t max);

#endif
