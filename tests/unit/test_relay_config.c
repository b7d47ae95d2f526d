// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "relay/config.h"
#include "relay/files.h"

static struct config config;
static struct config_error error;

static int
reads(const char *text)
{
	config_defaults(&config);
	return config_read(&config, &error, (struct cairn_span){text, strlen(text)});
}

static void
nothing_is_the_defaults(void **state)
{
	(void)state;
	assert_ok(reads(""));
	assert_string_equal(config.data, "/var/lib/cairn");
	assert_true(config.confine);
	assert_false(config.anywhere);
	assert_int_equal(config.difficulty[CAIRN_DOOR_INTAKE], 0);
	assert_int_equal(config.listen_count, 0);
}

static void
comments_blanks_and_empty_lines_are_passed_over(void **state)
{
	(void)state;
	assert_ok(reads("\n  # x\n\tthreads \t 3 # three\n\n#threads 9"));
	assert_int_equal(config.threads, 3);
}

static void
listeners_are_taken_apart(void **state)
{
	(void)state;
	assert_ok(reads("listen unix:/a/b\nlisten 127.0.0.1:80\nlisten [::1]:443 counted\n"));
	assert_int_equal(config.listen_count, 3);
	assert_int_equal(config.listens[0].kind, CONFIG_LISTEN_UNIX);
	assert_string_equal(config.listens[0].address, "/a/b");
	assert_string_equal(config.listens[1].address, "127.0.0.1");
	assert_int_equal(config.listens[1].port, 80);
	assert_false(config.listens[1].counted);
	assert_string_equal(config.listens[2].address, "::1");
	assert_true(config.listens[2].counted);
	assert_ok(config_check(&config, &error));
}

static void
other_machines_only_when_that_is_said(void **state)
{
	(void)state;
	assert_ok(reads("listen 0.0.0.0:80\n"));
	assert_err(config_check(&config, &error), CAIRN_ERR_FORMAT);
	assert_ok(reads("listen [::]:80\n"));
	assert_err(config_check(&config, &error), CAIRN_ERR_FORMAT);
	assert_ok(reads("listen 0.0.0.0:80\nanywhere yes\n"));
	assert_ok(config_check(&config, &error));
	assert_true(config.listens[0].counted);
	assert_ok(reads("anywhere yes\n"));
	assert_err(config_check(&config, &error), CAIRN_ERR_FORMAT);
}

static void
faults_are_named_with_their_line(void **state)
{
	static const char *const wrong[] = {
	    "x",
	    "threads",
	    "threads 0",
	    "threads 65",
	    "threads 2 3",
	    "threads two",
	    "threads 02",
	    "threads -1",
	    "confine maybe",
	    "data relative",
	    "listen",
	    "listen x",
	    "listen 127.0.0.1",
	    "listen 127.0.0.1:",
	    "listen 127.0.0.1:0",
	    "listen 127.0.0.1:65536",
	    "listen host:80",
	    "listen ::1:80",
	    "listen 127.0.0.1:80 x",
	    "listen unix:",
	    "listen unix:/a counted",
	    "difficulty intake",
	    "difficulty back 1",
	    "difficulty intake 31",
	    "feed 0",
	    "feed 1048577",
	    "quota intake 1",
	    "quota intake 0 1",
	    "socket-mode 99",
	    "socket-mode 07777",
	    "socket-mode 1777",
	    "a b c d e f",
	    "Threads 2",
	};
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		snprintf(text, sizeof text, "threads 2\n%s\n", wrong[i]);
		if (reads(text) == CAIRN_OK)
			print_message("taken: %s\n", wrong[i]);
		assert_err(reads(text), CAIRN_ERR_FORMAT);
		assert_int_equal(error.line, 2);
		assert_true(strlen(error.text) > 0);
	}
}

static void
what_is_no_text_or_too_long_is_refused(void **state)
{
	char *text = malloc(CONFIG_BYTES_MAX + 1);

	(void)state;
	memset(text, '\n', CONFIG_BYTES_MAX + 1);
	assert_err(config_read(&config, &error, (struct cairn_span){text, CONFIG_BYTES_MAX + 1}), CAIRN_ERR_FORMAT);
	assert_err(config_read(&config, &error, (struct cairn_span){"a\0b", 3}), CAIRN_ERR_FORMAT);
	free(text);
	config_defaults(&config);
	for (int i = 0; i < 8; i++)
		assert_ok(config_set(&config, &error, "listen", "127.0.0.1:80"));
	assert_err(config_set(&config, &error, "listen", "127.0.0.1:80"), CAIRN_ERR_FORMAT);
}

/* Also with every commented line taken for said: the file shows what each default is. */
static void
the_shipped_file_is_good_and_shows_the_defaults(void **state)
{
	struct config defaults;
	uint8_t *file;
	size_t bytes;

	(void)state;
	assert_ok(file_read(&file, &bytes, AT_FDCWD, SHIPPED_CONFIG, CONFIG_BYTES_MAX));
	config_defaults(&config);
	assert_ok(config_read(&config, &error, (struct cairn_span){(char *)file, bytes}));
	assert_ok(config_check(&config, &error));
	for (size_t i = 0; i + 1 < bytes; i++)
		if (file[i] == '#' && file[i + 1] >= 'a' && file[i + 1] <= 'z' && (i == 0 || file[i - 1] == '\n'))
			file[i] = ' ';
	config_defaults(&config);
	defaults = config;
	assert_ok(config_read(&config, &error, (struct cairn_span){(char *)file, bytes}));
	assert_string_equal(config.data, defaults.data);
	assert_int_equal(config.threads, defaults.threads);
	assert_int_equal(config.connections, defaults.connections);
	assert_int_equal(config.rate, defaults.rate);
	assert_int_equal(config.reserve_mib, defaults.reserve_mib);
	assert_int_equal(config.cache_mib, defaults.cache_mib);
	assert_int_equal(config.feed_mib, defaults.feed_mib);
	assert_int_equal(config.socket_mode, defaults.socket_mode);
	assert_memory_equal(config.cells, defaults.cells, sizeof config.cells);
	assert_memory_equal(config.blobs, defaults.blobs, sizeof config.blobs);
	free(file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_the_defaults),
	    cmocka_unit_test(comments_blanks_and_empty_lines_are_passed_over),
	    cmocka_unit_test(listeners_are_taken_apart),
	    cmocka_unit_test(other_machines_only_when_that_is_said),
	    cmocka_unit_test(faults_are_named_with_their_line),
	    cmocka_unit_test(what_is_no_text_or_too_long_is_refused),
	    cmocka_unit_test(the_shipped_file_is_good_and_shows_the_defaults),
	};

	return RUN_TESTS(tests);
}
