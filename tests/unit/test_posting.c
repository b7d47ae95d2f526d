// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "site/posted.h"
#include "site/posting_conf.h"
#include "site/posting_text.h"
#include "site/text.h"
#include "site/xmlrpc.h"

#define ANSWER(inside) "<?xml version=\"1.0\"?><methodResponse>" inside "</methodResponse>"
#define VALUE(inside) ANSWER("<params><param><value>" inside "</value></param></params>")
#define HEX "00112233445566778899aabbccddeeff"
#define FIRST "cairn posted 1\n"

static int
read_answer(const char *text)
{
	struct xmlrpc answer;
	int err = xmlrpc_read(&answer, text, strlen(text));

	xmlrpc_release(&answer);
	return err;
}

static void
an_answer_with_a_document_type_is_refused(void **state)
{
	(void)state;
	assert_ok(read_answer(VALUE("<int>1</int>")));
	assert_err(
	    read_answer(
		"<!DOCTYPE a><methodResponse><params><param><value>1</value></param></params></methodResponse>"),
	    CAIRN_ERR_FORMAT);
	assert_err(
	    read_answer("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><methodResponse><params><param>"
			"<value>&b;</value></param></params></methodResponse>"),
	    CAIRN_ERR_FORMAT);
}

/* The words that would be looked for do not stand there as they are: only the parser sees them. */
static void
one_that_hides_it_in_another_encoding_is_too(void **state)
{
	static const char text[] =
	    "<!DOCTYPE a [<!ENTITY b \"c\">]><methodResponse><params><param><value>&b;</value></param>"
	    "</params></methodResponse>";
	char wide[2 * sizeof text + 2] = {'\xff', '\xfe'};
	struct xmlrpc answer;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof text; i++)
		wide[2 + 2 * i] = text[i];
	assert_err(xmlrpc_read(&answer, wide, 2 + 2 * (sizeof text - 1)), CAIRN_ERR_FORMAT);
	xmlrpc_release(&answer);
}

static void
what_has_another_shape_is_no_answer(void **state)
{
	static const char *const bad[] = {"", "x", "<a/>", ANSWER(""), ANSWER("<params/>"),
	    ANSWER("<params><param/></params>"), ANSWER("<params><param><value/><value/></param></params>"),
	    ANSWER("<fault><value>1</value></fault>"), ANSWER("<params><param><value/></param></params>") "x"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_err(read_answer(bad[i]), CAIRN_ERR_FORMAT);
}

static void
members_are_read_as_text_base64_or_numbers(void **state)
{
	static const char text[] = VALUE("<struct><member><name>a</name><value>x&lt;</value></member>"
					 "<member><name>b</name><value><base64>0LA=</base64></value></member>"
					 "<member><name>c</name><value><int>12</int></value></member>"
					 "<member><name>d</name><value><int>-1</int></value></member></struct>");
	struct xmlrpc answer;
	GString *out = g_string_new(NULL);
	int number = 7;

	(void)state;
	assert_ok(xmlrpc_read(&answer, text, strlen(text)));
	assert_ok(xmlrpc_text(out, xmlrpc_member(answer.value, "a")));
	assert_ok(xmlrpc_text(out, xmlrpc_member(answer.value, "b")));
	assert_string_equal(out->str, "x<\xd0\xb0");
	assert_err(xmlrpc_number(&number, xmlrpc_member(answer.value, "a")), CAIRN_ERR_FORMAT);
	assert_err(xmlrpc_number(&number, xmlrpc_member(answer.value, "d")), CAIRN_ERR_FORMAT);
	assert_int_equal(number, 7);
	assert_ok(xmlrpc_number(&number, xmlrpc_member(answer.value, "c")));
	assert_int_equal(number, 12);
	assert_null(xmlrpc_member(answer.value, "e"));
	g_string_free(out, TRUE);
	xmlrpc_release(&answer);
}

static void
what_xml_cannot_hold_is_left_out_of_a_call(void **state)
{
	GString *out = g_string_new(NULL);

	(void)state;
	xmlrpc_put_text(out, "a", (struct cairn_span){"<\x01&\xef\xbf\xbf\"\n", 8});
	assert_string_equal(
	    out->str, "<member><name>a</name><value><string>&lt;&amp;&quot;\n</string></value></member>");
	g_string_free(out, TRUE);
}

static int
read_posted(const char *text)
{
	struct site_fault fault;
	GArray *rows;
	int err = posted_read(&rows, &fault, text_of(text));

	g_array_free(rows, TRUE);
	return err;
}

static void
a_memory_is_taken_in_its_one_form(void **state)
{
	static const char *const bad[] = {"", "cairn posted 1", "cairn posted 2\n", FIRST "\n",
	    FIRST "m a posted " HEX " " HEX " 0 1 -",                                     /* no line end */
	    FIRST "m a posted " HEX " " HEX " 0 1 -\nm a posted " HEX " " HEX " 0 1 -\n", /* twice */
	    FIRST "n a posted " HEX " " HEX " 0 1 -\nm a posted " HEX " " HEX " 0 1 -\n", /* not sorted */
	    FIRST "m a posted " HEX " " HEX " 5 1 -\n", /* a time that is not wanted */
	    FIRST "m a posted " HEX " " HEX " 0 - -\n", /* posted without a name */
	    FIRST "m a begun " HEX " " HEX " 0 - -\n", FIRST "m a begun " HEX " " HEX " 5 1 -\n",
	    FIRST "m a posted " HEX " " HEX " 0 1 javascript:x\n", FIRST "m ../a posted " HEX " " HEX " 0 1 -\n",
	    FIRST "M a posted " HEX " " HEX " 0 1 -\n", FIRST "m a gone " HEX " " HEX " 0 1 -\n",
	    FIRST "m a posted " HEX " " HEX " 0 1 - \n", FIRST "m a posted " HEX " " HEX " 0 1\n"};

	(void)state;
	assert_ok(read_posted(FIRST));
	assert_ok(read_posted(
	    FIRST "m a posted " HEX " " HEX " 0 1 https://a.example/1\nm b begun " HEX " " HEX " 5 - -\n"));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_err(read_posted(bad[i]), CAIRN_ERR_FORMAT);
}

/* A disk that takes nothing leaves the old memory whole. */
static void
a_memory_that_cannot_be_written_stays_as_it_was(void **state)
{
	char folder[] = "/tmp/cairn-posted-XXXXXX", path[64];
	struct site_fault fault;
	GArray *rows, *again;
	struct posted *row;
	int fd;

	(void)state;
	assert_non_null(mkdtemp(folder));
	fd = open(folder, O_RDONLY | O_DIRECTORY);
	assert_ok(posted_load(&rows, &fault, fd));
	row = posted_add(rows, "m", "a");
	row->state = POSTED_DONE;
	(void)g_strlcpy(row->id, "1", sizeof(row->id));
	assert_ok(posted_save(rows, &fault, fd));
	/* What is written first is in the way. */
	(void)snprintf(path, sizeof path, "%s/posted.new", folder);
	assert_int_equal(mkdir(path, 0700), 0);
	(void)posted_add(rows, "m", "b");
	assert_err(posted_save(rows, &fault, fd), CAIRN_ERR_IO);
	assert_ok(posted_load(&again, &fault, fd));
	assert_int_equal(again->len, 1);
	assert_non_null(posted_find(again, "m", "a"));
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(unlinkat(fd, "posted", 0), 0);
	assert_int_equal(rmdir(folder), 0);
	(void)close(fd);
	g_array_free(rows, TRUE);
	g_array_free(again, TRUE);
}

static int
read_conf(const char *server)
{
	char text[300];
	struct posting_account account;
	struct site_fault fault;

	(void)snprintf(text, sizeof text, "[a]\nservice = mastodon\nserver = %s\n", server);
	return posting_conf_read(&account, &fault, text_of(text), "a");
}

static void
no_secret_goes_to_a_server_in_the_clear(void **state)
{
	static const char *const good[] = {"https://a.example", "http://127.0.0.1:80", "http://localhost:1",
	    "http://[::1]:1", "http://aaaa.onion/"};
	static const char *const bad[] = {"http://a.example", "http://127.0.0.1.a.example",
	    "http://localhost.a.example:80", "http://a.example/.onion", "http://127.0.0.1:80@a.example",
	    "https://u@a.example", "https://", "smtps://a.example", "ftp://a.example", "a.example",
	    "https://a.example?x"};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_ok(read_conf(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_err(read_conf(bad[i]), CAIRN_ERR_FORMAT);
}

static void
a_cut_counts_characters_and_leaves_them_whole(void **state)
{
	GString *out = g_string_new(NULL);

	(void)state;
	posting_cut(out, text_of("\xd0\xb0\xd0\xb1\xd0\xb2"), 3);
	assert_string_equal(out->str, "\xd0\xb0\xd0\xb1\xd0\xb2");
	g_string_truncate(out, 0);
	posting_cut(out, text_of("\xd0\xb0\xd0\xb1\xd0\xb2"), 2);
	assert_string_equal(out->str, "\xd0\xb0\xe2\x80\xa6");
	g_string_free(out, TRUE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_answer_with_a_document_type_is_refused),
	    cmocka_unit_test(one_that_hides_it_in_another_encoding_is_too),
	    cmocka_unit_test(what_has_another_shape_is_no_answer),
	    cmocka_unit_test(members_are_read_as_text_base64_or_numbers),
	    cmocka_unit_test(what_xml_cannot_hold_is_left_out_of_a_call),
	    cmocka_unit_test(a_memory_is_taken_in_its_one_form),
	    cmocka_unit_test(a_memory_that_cannot_be_written_stays_as_it_was),
	    cmocka_unit_test(no_secret_goes_to_a_server_in_the_clear),
	    cmocka_unit_test(a_cut_counts_characters_and_leaves_them_whole),
	};

	return RUN_TESTS(tests);
}
