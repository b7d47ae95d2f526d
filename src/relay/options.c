// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/options.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "relay/files.h"
#include "relay/test_options.h"

static const char usage[] =
    "usage: cairnd [--config FILE] [--data FOLDER] [--listen ADDRESS]... [--page FOLDER] [--languages WHICH]\n"
    "              [--plain N] [--site FOLDER --site-listen ADDRESS] [--anywhere] [--no-confine]\n"
    "       cairnd [--config FILE] --check-config\n"
    "       cairnd [--config FILE] key\n"
    "       cairnd [--config FILE] desk add DESK_ID | desk list | desk remove DESK_ID --yes\n"
    "\n"
    "The relay. See cairnd(8); FILE is " OPTIONS_FILE " unless named.\n";

enum {
	OPT_CHECK = 256,
	OPT_DATA,
	OPT_LISTEN,
	OPT_PAGE,
	OPT_LANGUAGES,
	OPT_SITE,
	OPT_SITE_LISTEN,
	OPT_PLAIN,
	OPT_ANYWHERE,
	OPT_NO_CONFINE,
	OPT_HELP,
	OPT_VERSION,
	OPT_TEST,
};

static const struct option longs[] = {
	{"config", required_argument, NULL, 'f'},
	{"check-config", no_argument, NULL, OPT_CHECK},
	{"data", required_argument, NULL, OPT_DATA},
	{"listen", required_argument, NULL, OPT_LISTEN},
	{"page", required_argument, NULL, OPT_PAGE},
	{"languages", required_argument, NULL, OPT_LANGUAGES},
	{"site", required_argument, NULL, OPT_SITE},
	{"site-listen", required_argument, NULL, OPT_SITE_LISTEN},
	{"plain", required_argument, NULL, OPT_PLAIN},
	{"anywhere", no_argument, NULL, OPT_ANYWHERE},
	{"no-confine", no_argument, NULL, OPT_NO_CONFINE},
	{"help", no_argument, NULL, OPT_HELP},
	{"version", no_argument, NULL, OPT_VERSION},
	TEST_OPTIONS(OPT_TEST),
	{0},
};

int
options_read(struct options *o, int argc, char **argv)
{
	int c;

	*o = (struct options){.argc = argc, .argv = argv};
	optind = 1;
	while ((c = getopt_long(argc, argv, "+f:", longs, NULL)) != -1) {
		switch (c) {
		case 'f':
			o->file = optarg;
			break;
		case OPT_CHECK:
			o->check = true;
			break;
		case OPT_HELP:
			fputs(usage, stdout);
			return EXIT_SUCCESS;
		case OPT_VERSION:
			puts("cairnd " CAIRN_VERSION);
			return EXIT_SUCCESS;
		case '?':
			fputs(usage, stderr);
			return EXIT_USAGE;
		default:
			break;
		}
	}
	o->command = optind;
	return -1;
}

static bool
read_file(struct config *config, struct config_error *error, const struct options *o)
{
	const char *file = o->file == NULL ? OPTIONS_FILE : o->file;
	uint8_t *text;
	size_t bytes;
	int err = file_read(&text, &bytes, AT_FDCWD, file, CONFIG_BYTES_MAX);

	if (err == CAIRN_ERR_UNKNOWN && o->file == NULL)
		return true;
	if (err != CAIRN_OK) {
		fprintf(stderr, "cairnd: %s: %s\n", file, cairn_strerror(err));
		return false;
	}
	err = config_read(config, error, (struct cairn_span){(const char *)text, bytes});
	free(text);
	if (err != CAIRN_OK)
		fprintf(stderr, "cairnd: %s:%u: %s\n", file, error->line, error->text);
	return err == CAIRN_OK;
}

/* Listeners that are named by flags stand in place of the file's. */
static int
set_flag(struct config *config, struct config_error *error, int c, bool *own_listeners)
{
	switch (c) {
	case OPT_DATA:
		return config_set(config, error, "data", optarg);
	case OPT_LISTEN:
		if (!*own_listeners)
			config->listen_count = 0;
		*own_listeners = true;
		return config_set(config, error, "listen", optarg);
	case OPT_PAGE:
		return config_set(config, error, "page", optarg);
	case OPT_LANGUAGES:
		return config_set(config, error, "languages", optarg);
	case OPT_SITE:
		return config_set(config, error, "site", optarg);
	case OPT_SITE_LISTEN:
		return config_set(config, error, "site-listen", optarg);
	case OPT_PLAIN:
		return config_set(config, error, "plain", optarg);
	case OPT_ANYWHERE:
		return config_set(config, error, "anywhere", "yes");
	case OPT_NO_CONFINE:
		return config_set(config, error, "confine", "no");
	default:
		return c >= OPT_TEST ? test_option(c - OPT_TEST, optarg) : CAIRN_OK;
	}
}

bool
options_config(struct config *config, const struct options *o)
{
	struct config_error error = {0};
	bool own_listeners = false;
	int c;

	config_defaults(config);
	if (!read_file(config, &error, o))
		return false;
	optind = 1;
	while ((c = getopt_long(o->argc, o->argv, "+f:", longs, NULL)) != -1) {
		if (set_flag(config, &error, c, &own_listeners) == CAIRN_OK)
			continue;
		fprintf(stderr, "cairnd: %s\n", error.text);
		return false;
	}
	return true;
}
