// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <sodium.h>

#include "net/mailer.h"

#define FROM "campaign@desk.example"

/* A mail server on loopback that keeps to RFC 5321, refuses "nobody@", and remembers the last letter. */
struct server {
	int listener;
	char url[64];
	pthread_t thread;
	unsigned connections;
	char from[1024], to[1024], letter[8192];
	size_t letters;
};

static void
answer(FILE *f, const char *text)
{
	fprintf(f, "%s\r\n", text);
	fflush(f);
}

/* Until the line with a single dot; a doubled one is made one again. */
static void
take_letter(struct server *s, FILE *f)
{
	char line[1024];
	size_t used = 0;

	s->letter[0] = '\0';
	answer(f, "354 go on");
	while (fgets(line, sizeof(line), f) != NULL && strcmp(line, ".\r\n") != 0)
		if (used + sizeof(line) < sizeof(s->letter))
			used +=
			    (size_t)snprintf(s->letter + used, sizeof(line), "%s", line[0] == '.' ? line + 1 : line);
	s->letters++;
	answer(f, "250 taken");
}

static void
serve(struct server *s, FILE *f)
{
	char line[1024];

	answer(f, "220 mail.example");
	while (fgets(line, sizeof(line), f) != NULL) {
		if (strncasecmp(line, "QUIT", 4) == 0)
			break;
		if (strncasecmp(line, "MAIL FROM:", 10) == 0)
			snprintf(s->from, sizeof(s->from), "%s", line + 10);
		if (strncasecmp(line, "RCPT TO:<nobody@", 16) == 0) {
			answer(f, "550 nobody of that name");
			continue;
		}
		if (strncasecmp(line, "RCPT TO:", 8) == 0)
			snprintf(s->to, sizeof(s->to), "%s", line + 8);
		if (strncasecmp(line, "DATA", 4) == 0)
			take_letter(s, f);
		else
			answer(f, "250 good");
	}
}

static void *
run(void *arg)
{
	struct server *s = arg;
	int fd;

	while ((fd = accept(s->listener, NULL, NULL)) >= 0) {
		FILE *f = fdopen(fd, "r+");

		s->connections++;
		serve(s, f);
		fclose(f);
	}
	return NULL;
}

static int
begin(void **state)
{
	struct server *s = calloc(1, sizeof(*s));
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);

	s->listener = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(bind(s->listener, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(s->listener, 4), 0);
	assert_int_equal(getsockname(s->listener, (struct sockaddr *)&at, &size), 0);
	snprintf(s->url, sizeof(s->url), "smtp://127.0.0.1:%u", ntohs(at.sin_port));
	assert_int_equal(pthread_create(&s->thread, NULL, run, s), 0);
	*state = s;
	return 0;
}

static int
end(void **state)
{
	struct server *s = *state;

	shutdown(s->listener, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->listener);
	free(s);
	return 0;
}

static struct mail
mail_to(const struct server *s)
{
	return (struct mail){.url = s->url, .from = FROM, .patience_s = 20};
}

static void
a_letter_comes_whole(void **state)
{
	struct server *s = *state;
	const struct mail mail = mail_to(s);
	struct mailer *mailer;
	char why[256];

	assert_ok(mailer_new(&mailer, &mail));
	assert_ok(mailer_send(mailer, "a@b.example", "Hello", "one\n.two\n", why));
	mailer_free(mailer);
	assert_int_equal(strncmp(s->from, "<" FROM ">", strlen(FROM) + 2), 0);
	assert_int_equal(strncmp(s->to, "<a@b.example>", 13), 0);
	assert_non_null(strstr(s->letter, "Subject: Hello\r\n"));
	assert_non_null(strstr(s->letter, "\r\n\r\none\r\n.two\r\n"));
}

static void
several_letters_go_over_one_connection(void **state)
{
	struct server *s = *state;
	const struct mail mail = mail_to(s);
	struct mailer *mailer;
	char why[256];

	assert_ok(mailer_new(&mailer, &mail));
	for (unsigned i = 0; i < 5; i++)
		assert_ok(mailer_send(mailer, "a@b.example", "Hello", "text\n", why));
	mailer_free(mailer);
	assert_int_equal(s->letters, 5);
	assert_int_equal(s->connections, 1);
}

static void
an_address_that_is_refused_does_not_stop_the_next(void **state)
{
	struct server *s = *state;
	const struct mail mail = mail_to(s);
	struct mailer *mailer;
	char why[256];

	assert_ok(mailer_new(&mailer, &mail));
	assert_err(mailer_send(mailer, "nobody@b.example", "Hello", "text\n", why), CAIRN_ERR_DENIED);
	assert_ok(mailer_send(mailer, "a@b.example", "Hello", "text\n", why));
	mailer_free(mailer);
	assert_int_equal(s->letters, 1);
}

static void
an_address_cannot_bring_a_line_of_its_own(void **state)
{
	struct server *s = *state;
	const struct mail mail = mail_to(s);
	struct mailer *mailer;
	char why[256];

	assert_ok(mailer_new(&mailer, &mail));
	assert_err(mailer_send(mailer, "a@b.example>\r\nRCPT TO:<c@d.example", "Hello", "text\n", why),
	    CAIRN_ERR_FORMAT);
	assert_err(mailer_send(mailer, "a@b.example", "Hello\nBcc: c@d.example", "text\n", why), CAIRN_ERR_FORMAT);
	mailer_free(mailer);
	assert_int_equal(s->letters, 0);
}

static void
a_server_that_is_away_is_told(void **state)
{
	const struct mail mail = {.url = "smtp://127.0.0.1:1", .from = FROM, .patience_s = 5};
	struct mailer *mailer;
	char why[256];

	(void)state;
	assert_ok(mailer_new(&mailer, &mail));
	assert_err(mailer_send(mailer, "a@b.example", "Hello", "text\n", why), CAIRN_ERR_IO);
	assert_true(why[0] != '\0');
	mailer_free(mailer);
}

static void
only_smtp_and_proxies_that_look_names_up_are_taken(void **state)
{
	static const struct mail bad[] = {{.url = "http://a.example", .from = FROM},
	    {.url = "smtp://u:p@a.example", .from = FROM},
	    {.url = "smtp://a.example", .proxy = "socks5://127.0.0.1:1", .from = FROM}};
	struct mailer *mailer;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_err(mailer_new(&mailer, &bad[i]), CAIRN_ERR_RANGE);
}

#define SERVED(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    SERVED(a_letter_comes_whole),
	    SERVED(several_letters_go_over_one_connection),
	    SERVED(an_address_that_is_refused_does_not_stop_the_next),
	    SERVED(an_address_cannot_bring_a_line_of_its_own),
	    cmocka_unit_test(a_server_that_is_away_is_told),
	    cmocka_unit_test(only_smtp_and_proxies_that_look_names_up_are_taken),
	};

	/* No proxy of the environment stands before loopback. */
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	if (sodium_init() < 0)
		return 1;
	return RUN_TESTS(tests);
}
