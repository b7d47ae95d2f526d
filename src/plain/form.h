// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_PLAIN_FORM_H
#define CAIRN_PLAIN_FORM_H

#include <stddef.h>
#include <stdint.h>

#include "cairn/err.h"
#include "cairn/span.h"

/* A form as a browser sends it: application/x-www-form-urlencoded. */
#define FORM_FIELDS_MAX 48U

struct form {
	size_t count;
	struct field {
		struct cairn_span name, value;
	} fields[FORM_FIELDS_MAX];
};

/*
 * Decodes in place: the fields look into body, which is the caller's and secret. CAIRN_ERR_FORMAT: not a form, not
 * UTF-8, or a zero byte in it; CAIRN_ERR_RANGE: too many fields. form is empty then.
 */
CAIRN_NODISCARD int form_read(struct form *form, uint8_t *body, size_t bytes);

/* The first field of that name; NULL text where there is none. */
struct cairn_span form_get(const struct form *form, const char *name);

#endif
