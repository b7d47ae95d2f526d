// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_TEXT_H
#define CAIRN_SITE_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "cairn/span.h"

/* Small things about text that several readers of sources share. */

struct cairn_span text_of(const char *text);
/* Without blanks and tabs at both ends. */
struct cairn_span text_trim(struct cairn_span text);
/* One line of well-formed UTF-8 without control characters, and none that turns the direction of what follows. */
bool text_is_line(struct cairn_span text);
/* "2017-04-01", a day that there is; *ret_day counts from 1970-01-01 and may be NULL. */
bool text_is_day(struct cairn_span text, uint32_t *ret_day);
void day_text(char out[11], uint32_t day);
/* https:// or http:// and a host, printable ASCII. */
bool text_is_web(struct cairn_span text);
/* Two capital letters. */
bool text_is_country(struct cairn_span text);
bool text_starts(struct cairn_span text, const char *with);

#endif
