// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_XMLRPC_H
#define CAIRN_SITE_XMLRPC_H

#include <stdbool.h>

#include <glib.h>
#include <libxml/tree.h>

#include "cairn/err.h"
#include "cairn/span.h"

/*
 * XML-RPC, as far as journals need it (xmlrpc.com/spec). What comes from a server is read by libxml2 without
 * network, entities or a document type, and only in the specification's own shape.
 */
#define XMLRPC_BYTES_MAX (4U << 20)

/* ---- what is asked: a call with one struct ---- */

void xmlrpc_begin(GString *out, const char *method);
/* Characters that XML cannot hold are left out. */
void xmlrpc_put_text(GString *out, const char *name, struct cairn_span text);
void xmlrpc_put_string(GString *out, const char *name, const char *text);
void xmlrpc_put_number(GString *out, const char *name, int number);
void xmlrpc_put_begin(GString *out, const char *name); /* a struct within */
void xmlrpc_put_end(GString *out);
void xmlrpc_end(GString *out);

/* ---- what is answered ---- */

struct xmlrpc {
	xmlDoc *doc;
	xmlNode *value; /* the answer's one value, or NULL where it is a fault */
	int fault;      /* 0: none */
	char text[200]; /* of the fault, one line without control characters; somebody else's words */
};

/* CAIRN_ERR_FORMAT: no answer of XML-RPC. xmlrpc_release() in any case. */
CAIRN_NODISCARD int xmlrpc_read(struct xmlrpc *answer, const void *bytes, size_t size);
void xmlrpc_release(struct xmlrpc *answer);

/* The member of a struct; NULL: it is none, or has no such one. value may be NULL. */
xmlNode *xmlrpc_member(xmlNode *value, const char *name);
/* Values of an array, one after the other: begin with NULL. */
xmlNode *xmlrpc_next(xmlNode *array, xmlNode *value);
/* Appends a string, a number's digits, or what base64 holds, where that is UTF-8 without zeros. CAIRN_ERR_FORMAT.
 */
CAIRN_NODISCARD int xmlrpc_text(GString *out, xmlNode *value);
/* An int, or a string of digits, as some send it: 0 to 2^31 - 1. */
CAIRN_NODISCARD int xmlrpc_number(int *ret, xmlNode *value);

#endif
