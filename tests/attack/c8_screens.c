// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <sodium.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/relay_desk.h"
#include "lib/test.h"

/*
 * C8, as far as a captor looks over a shoulder: he has passphrases typed into the terminal client against a real
 * relay, and reads all that it prints. Byte for byte, nothing may tell the one by which the person is heard,
 * the one registered for such an hour, one that has no answer yet, and one that is just wrong.
 */

#define HEARD "111122223333444455556666"
#define SECOND "909080807070606050504040"
#define NO_ANSWER "123451234512345123451234"
#define WRONG "000000000000000000000007"
#define ANSWER "Мы знаем, где вы. Ответим завтра."
#define SCREEN_BYTES 65536U

static struct relay_process relay;
static struct relay_desk desk;

static void
reply_to(uint8_t cell[CAIRN_REPLY_CELL_BYTES], const char *digits, uint8_t lane)
{
	struct cairn_conversation conv;
	struct cairn_passphrase pass;
	uint8_t root[CAIRN_KEY_BYTES];

	assert_ok(cairn_passphrase_digits(&pass, (struct cairn_span){digits, strlen(digits)}));
	assert_ok(cairn_passphrase_root(root, &pass, desk.paper.desk_id));
	cairn_conversation_init(&conv, root);
	paper_reply(&desk.paper, cell, &conv, desk.paper.hour / 24, lane, 0, ANSWER);
}

/* An empty batch or two, and one with an answer to each of the two that are registered. */
static int
set_up(void **state)
{
	static uint8_t cells[2][CAIRN_REPLY_CELL_BYTES];

	(void)state;
	relay_init(&relay);
	if (!relay_start(&relay, NULL))
		return -1;
	relay_desk_init(&desk, &relay, 8);
	memcpy(desk.paper.relay_key, desk.relay_key, sizeof(desk.relay_key)); /* the card names it */
	desk.paper.serial++;
	for (int i = 0; i < 3; i++)
		assert_int_equal(relay_desk_publish(&desk), 204);
	reply_to(cells[0], HEARD, 1);
	reply_to(cells[1], SECOND, 2);
	paper_publish(&desk.paper, desk.paper.hour, (const uint8_t (*)[CAIRN_REPLY_CELL_BYTES])cells, 2);
	paper_sign(&desk.paper, desk.paper.hour);
	assert_int_equal(relay_desk_append(&desk, desk.paper.size - 1), 204);
	return 0;
}

static int
tear_down(void **state)
{
	int code = relay_stop(&relay);

	(void)state;
	relay_desk_release(&desk);
	relay_release(&relay);
	return code;
}

/* All that a command prints, both ways, and its exit code at the end. */
struct screen {
	char text[SCREEN_BYTES];
};

static int
pipe_with(const char *text)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), (ssize_t)strlen(text));
	close(ends[1]);
	return ends[0];
}

/* The passphrase comes by descriptor 0, the text of a letter by 3. */
static void
run_child(const char *const *words, int out, int pass, int text)
{
	const char *all[24] = {CAIRN_PROGRAM};
	size_t count = 1;

	while (*words != NULL && count < 23)
		all[count++] = *words++;
	dup2(pass, 0);
	dup2(out, 1);
	dup2(out, 2);
	if (text != 3)
		dup2(text, 3);
	execv(CAIRN_PROGRAM, (char *const *)(uintptr_t)all);
	_exit(127);
}

/* Ids of letters are random, whatever the passphrase is. */
static void
mask_ids(char *text)
{
	for (size_t length; *text != '\0'; text += length == 0 ? 1 : length) {
		length = strspn(text, "0123456789abcdef");
		if (length == 2 * CAIRN_MSGID_BYTES)
			memset(text, '*', length);
	}
}

static void
run(struct screen *screen, const char *const *words, const char *passphrase)
{
	const int pass = pipe_with(passphrase), text = pipe_with("Где вы?");
	size_t used = 0;
	ssize_t got;
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		run_child(words, ends[1], pass, text);
	close(ends[1]);
	close(pass);
	close(text);
	while ((got = read(ends[0], screen->text + used, SCREEN_BYTES - 64 - used)) > 0)
		used += (size_t)got;
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	snprintf(screen->text + used, 64, "\n[exit %d]\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
	mask_ids(screen->text);
}

/* "person look" or "person write" with these options besides. */
static void
run_person(struct screen *screen, const char *verb, const char *const *options, const char *passphrase)
{
	char url[160];
	const char *words[24] = {"person", verb, "--desk", url, "--socket", relay.socket, "--passphrase-fd", "0"};
	size_t count = 8;

	snprintf(url, sizeof(url), "http://localhost/d/%s/", desk.hex);
	while (*options != NULL && count < 23)
		words[count++] = *options++;
	run(screen, words, passphrase);
}

static const char *const looks[][3] = {
	{NULL}, {"--all", NULL}, {"--json", NULL}, {"--json", "--all", NULL},
};
#define LOOKS (sizeof(looks) / sizeof(looks[0]))

static void
test_wrong_words_and_no_answer_yet_show_the_same(void **state)
{
	static const char *const text[] = {"--text-fd", "3", NULL};
	static struct screen wrong, waiting;

	(void)state;
	run_person(&waiting, "write", text, NO_ANSWER);
	assert_non_null(strstr(waiting.text, "[exit 0]"));
	for (size_t i = 0; i < LOOKS; i++) {
		run_person(&wrong, "look", looks[i], WRONG);
		run_person(&waiting, "look", looks[i], NO_ANSWER);
		assert_non_null(strstr(wrong.text, "[exit 0]"));
		assert_string_equal(wrong.text, waiting.text);
	}
}

static void
test_mail_of_either_conversation_shows_the_same(void **state)
{
	static struct screen heard, second;

	(void)state;
	for (size_t i = 0; i < LOOKS; i++) {
		run_person(&heard, "look", looks[i], HEARD);
		run_person(&second, "look", looks[i], SECOND);
		assert_non_null(strstr(heard.text, ANSWER));
		assert_string_equal(heard.text, second.text);
	}
}

static void
test_writing_by_any_passphrase_shows_the_same(void **state)
{
	static const char *const text[] = {"--text-fd", "3", NULL};
	static const char *const passphrases[] = {SECOND, NO_ANSWER, WRONG};
	static struct screen heard, other;

	(void)state;
	run_person(&heard, "write", text, HEARD);
	assert_non_null(strstr(heard.text, "[exit 0]"));
	for (size_t i = 0; i < 3; i++) {
		run_person(&other, "write", text, passphrases[i]);
		assert_string_equal(heard.text, other.text);
	}
}

static void
expect_no_word_of_it(struct screen *screen)
{
	static const char *const words[] = {
		"duress", "panic", "coerc", "decoy", "captor", "torture", "fake", "second conversation",
	};

	for (char *c = screen->text; *c != '\0'; c++)
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c + 32);
	assert_true(strlen(screen->text) > 100);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		assert_null(strstr(screen->text, words[i]));
}

static void
test_no_help_of_the_person_speaks_of_it(void **state)
{
	static const char *const commands[][4] = {
		{"help", NULL}, {"person", "new", "--help", NULL}, {"person", "write", "--help", NULL},
		{"person", "look", "--help", NULL}, {"person", "attach", "--help", NULL},
	};
	static struct screen screen;

	(void)state;
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		run(&screen, commands[i], "");
		expect_no_word_of_it(&screen);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wrong_words_and_no_answer_yet_show_the_same),
		cmocka_unit_test(test_mail_of_either_conversation_shows_the_same),
		cmocka_unit_test(test_writing_by_any_passphrase_shows_the_same),
		cmocka_unit_test(test_no_help_of_the_person_speaks_of_it),
	};

	return cmocka_run_group_tests_name("c8 screens", tests, set_up, tear_down);
}
