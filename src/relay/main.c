// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "relay/daemon.h"
#include "relay/desk_command.h"
#include "relay/options.h"

static int
run_command(const struct config *config, int argc, char **argv)
{
	if (strcmp(argv[0], "desk") == 0)
		return desk_command(config, argc - 1, argv + 1);
	if (strcmp(argv[0], "key") == 0 && argc == 1)
		return daemon_print_key(config);
	fprintf(stderr, "cairnd: no such command: %s; see cairnd --help\n", argv[0]);
	return EXIT_USAGE;
}

int
main(int argc, char **argv)
{
	struct config_error error;
	struct options options;
	struct config config;
	int code = options_read(&options, argc, argv);

	if (code >= 0)
		return code;
	if (sodium_init() < 0)
		return EXIT_FAULT;
	if (!options_config(&config, &options))
		return EXIT_USAGE;
	if (options.command < argc)
		return run_command(&config, argc - options.command, argv + options.command);
	if (config_check(&config, &error) != CAIRN_OK) {
		fprintf(stderr, "cairnd: %s\n", error.text);
		return EXIT_USAGE;
	}
	if (options.check) {
		puts("the configuration is good");
		return EXIT_SUCCESS;
	}
	return daemon_run(&config, &options);
}
