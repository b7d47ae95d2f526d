// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/xmlrpc.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>

#include "base/html.h"
#include "base/text.h"
#include "site/text.h"

/* ---- writing ---- */

void
xmlrpc_begin(GString *out, const char *method)
{
	g_string_append_printf(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<methodCall><methodName>%s</methodName>"
	    "<params><param><value><struct>",
	    method);
}

/* XML 1.0 has no place for other controls, nor for U+FFFE and U+FFFF. */
static bool
is_xml(uint32_t c)
{
	return c == '\t' || c == '\n' || (c >= ' ' && c != 0xfffe && c != 0xffff);
}

static void
begin_member(GString *out, const char *name, const char *type)
{
	g_string_append_printf(out, "<member><name>%s</name><value><%s>", name, type);
}

static void
end_member(GString *out, const char *type)
{
	g_string_append_printf(out, "</%s></value></member>", type);
}

void
xmlrpc_put_text(GString *out, const char *name, struct cairn_span text)
{
	GString *kept = g_string_new(NULL);

	while (text.size > 0) {
		const char *at = text.text;

		if (is_xml(text_next(&text)))
			g_string_append_len(kept, at, text.text - at);
	}
	begin_member(out, name, "string");
	html_escape(out, (struct cairn_span){kept->str, kept->len});
	end_member(out, "string");
	g_string_free(kept, TRUE);
}

void
xmlrpc_put_string(GString *out, const char *name, const char *text)
{
	xmlrpc_put_text(out, name, text_of(text));
}

void
xmlrpc_put_number(GString *out, const char *name, int number)
{
	begin_member(out, name, "int");
	g_string_append_printf(out, "%d", number);
	end_member(out, "int");
}

void
xmlrpc_put_begin(GString *out, const char *name)
{
	begin_member(out, name, "struct");
}

void
xmlrpc_put_end(GString *out)
{
	end_member(out, "struct");
}

void
xmlrpc_end(GString *out)
{
	g_string_append(out, "</struct></value></param></params></methodCall>\n");
}

/* ---- reading ---- */

static bool
is_blank(const xmlNode *node)
{
	return node->type == XML_COMMENT_NODE || (node->type == XML_TEXT_NODE && xmlIsBlankNode(node) == 1);
}

static xmlNode *
skip(xmlNode *node)
{
	while (node != NULL && is_blank(node))
		node = node->next;
	return node;
}

static bool
named(const xmlNode *node, const char *name)
{
	return node != NULL && node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

/* The only child, an element of that name. */
static xmlNode *
only(xmlNode *node, const char *name)
{
	xmlNode *child = node == NULL ? NULL : skip(node->children);

	return named(child, name) && skip(child->next) == NULL ? child : NULL;
}

/* All that is in a leaf; NULL: it is none. What it holds is in one text, since entities and CDATA are merged. */
static const char *
leaf(const xmlNode *node)
{
	if (node->children == NULL)
		return "";
	if (node->children->type != XML_TEXT_NODE || node->children->next != NULL)
		return NULL;
	return (const char *)node->children->content;
}

static int
read_fault(struct xmlrpc *answer, xmlNode *value)
{
	GString *text = g_string_new(NULL);
	int err =
	    value == NULL ? CAIRN_ERR_FORMAT : xmlrpc_number(&answer->fault, xmlrpc_member(value, "faultCode"));

	if (err == CAIRN_OK)
		err = xmlrpc_text(text, xmlrpc_member(value, "faultString"));
	/* Codes that it knows are above 0. */
	if (err == CAIRN_OK && answer->fault == 0)
		err = CAIRN_ERR_FORMAT;
	(void)g_strlcpy(answer->text, text_is_line((struct cairn_span){text->str, text->len}) ? text->str : "",
	    sizeof(answer->text));
	if (!text_is_utf8((const uint8_t *)answer->text, strlen(answer->text)))
		answer->text[0] = '\0';
	g_string_free(text, TRUE);
	return err;
}

static int
read_root(struct xmlrpc *answer)
{
	xmlNode *root = xmlDocGetRootElement(answer->doc), *fault;

	if (!named(root, "methodResponse") || answer->doc->intSubset != NULL || answer->doc->extSubset != NULL)
		return CAIRN_ERR_FORMAT;
	fault = only(root, "fault");
	if (fault != NULL)
		return read_fault(answer, only(fault, "value"));
	answer->value = only(only(only(root, "params"), "param"), "value");
	return answer->value != NULL ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

int
xmlrpc_read(struct xmlrpc *answer, const void *bytes, size_t size)
{
	*answer = (struct xmlrpc){0};
	/* A document type is where entities come from: it is refused before a parser sees it, and once more after.
	 */
	if (size == 0 || size > XMLRPC_BYTES_MAX || memmem(bytes, size, "<!DOCTYPE", 9) != NULL)
		return CAIRN_ERR_FORMAT;
	answer->doc = xmlReadMemory(bytes, (int)size, NULL, NULL,
	    XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA);
	return answer->doc == NULL ? CAIRN_ERR_FORMAT : read_root(answer);
}

void
xmlrpc_release(struct xmlrpc *answer)
{
	xmlFreeDoc(answer->doc);
	*answer = (struct xmlrpc){0};
}

xmlNode *
xmlrpc_member(xmlNode *value, const char *name)
{
	xmlNode *members = only(value, "struct");

	for (xmlNode *m = members == NULL ? NULL : skip(members->children); m != NULL; m = skip(m->next)) {
		xmlNode *key = named(m, "member") ? skip(m->children) : NULL;
		xmlNode *found = named(key, "name") ? skip(key->next) : NULL;
		const char *said = key == NULL ? NULL : leaf(key);

		if (said == NULL || !named(found, "value") || skip(found->next) != NULL)
			return NULL;
		if (strcmp(said, name) == 0)
			return found;
	}
	return NULL;
}

xmlNode *
xmlrpc_next(xmlNode *array, xmlNode *value)
{
	xmlNode *data = only(only(array, "array"), "data");
	xmlNode *next = value != NULL ? skip(value->next) : data == NULL ? NULL
									 : skip(data->children);

	return named(next, "value") ? next : NULL;
}

static int
append_base64(GString *out, const char *said)
{
	gsize size = 0;
	guchar *bytes = g_base64_decode(said, &size);
	bool good = text_is_utf8(bytes, size) && memchr(bytes, '\0', size) == NULL;

	if (good)
		g_string_append_len(out, (const char *)bytes, (gssize)size);
	g_free(bytes);
	return good ? CAIRN_OK : CAIRN_ERR_FORMAT;
}

int
xmlrpc_text(GString *out, xmlNode *value)
{
	static const char *const kinds[] = {"string", "int", "i4"};
	xmlNode *typed = only(value, "base64");
	const char *said = NULL;

	if (value == NULL)
		return CAIRN_ERR_FORMAT;
	if (typed != NULL)
		return (said = leaf(typed)) == NULL ? CAIRN_ERR_FORMAT : append_base64(out, said);
	for (size_t i = 0; typed == NULL && i < sizeof kinds / sizeof kinds[0]; i++)
		typed = only(value, kinds[i]);
	/* Without a type it is a string. */
	said = leaf(typed != NULL ? typed : value);
	if (said == NULL)
		return CAIRN_ERR_FORMAT;
	g_string_append(out, said);
	return CAIRN_OK;
}

int
xmlrpc_number(int *ret, xmlNode *value)
{
	GString *text = g_string_new(NULL);
	uint64_t number = 0;
	int err = xmlrpc_text(text, value);

	if (err == CAIRN_OK)
		err = text_number(&number, text_trim((struct cairn_span){text->str, text->len}), INT_MAX);
	if (err == CAIRN_OK)
		*ret = (int)number;
	g_string_free(text, TRUE);
	return err;
}
