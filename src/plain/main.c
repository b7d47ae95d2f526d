// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <curl/curl.h>
#include <sodium.h>

#include "base/plain_wire.h"
#include "base/text.h"
#include "plain/confine.h"
#include "plain/crew.h"

/*
 * The page without scripts: started by cairnd, before that confines itself, with a socket for each slot
 * (base/plain_wire.h). It stands in a process of its own so that words, keys and texts never stand in the relay's.
 */
#define EXIT_USAGE 64
#define EXIT_FAULT 70
#define FOLDER_MAX 4096U

static const struct option flags[] = {
    {"address", required_argument, NULL, 'a'},
    {"all-languages", no_argument, NULL, 'l'},
    {"exit", required_argument, NULL, 'e'},
    {"no-confine", no_argument, NULL, 'n'},
    {"slots", required_argument, NULL, 's'},
    {"socket", required_argument, NULL, 'u'},
    {NULL, 0, NULL, 0},
};

static bool
read_flags(struct site *site, uint64_t *slots, bool *confined, int argc, char **argv)
{
	int flag;

	while ((flag = getopt_long(argc, argv, "", flags, NULL)) != -1)
		switch (flag) {
		case 'a':
			site->address = optarg;
			break;
		case 'l':
			site->all_languages = true;
			break;
		case 'n':
			*confined = false;
			break;
		case 'e':
			site->exit = optarg;
			break;
		case 'u':
			site->unix_socket = optarg;
			break;
		case 's':
			if (text_number(slots, (struct cairn_span){optarg, strlen(optarg)}, PLAIN_SLOTS_MAX) !=
			    CAIRN_OK)
				return false;
			break;
		default:
			return false;
		}
	return optind == argc && *slots > 0 && site->exit != NULL && site->address != NULL;
}

/* They lie in the folder "plain" beside the program. */
static int
load_templates(struct templates **ret)
{
	char folder[FOLDER_MAX];
	ssize_t size = readlink("/proc/self/exe", folder, sizeof(folder) - sizeof("plain"));
	char *slash;

	if (size <= 0)
		return CAIRN_ERR_IO;
	folder[size] = '\0';
	slash = strrchr(folder, '/');
	memcpy(slash + 1, "plain", sizeof("plain"));
	return templates_load(ret, folder);
}

/* No dump, no way for another process of this user to look, no environment that would send requests elsewhere. */
static bool
harden(void)
{
	static const struct rlimit none = {0, 0};
	sigset_t all;

	sigfillset(&all);
	(void)sigprocmask(SIG_UNBLOCK, &all, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)signal(SIGHUP, SIG_IGN);
	return clearenv() == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && setrlimit(RLIMIT_CORE, &none) == 0 &&
	    prctl(PR_SET_DUMPABLE, 0) == 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

int
main(int argc, char **argv)
{
	struct site site = {0};
	struct templates *templates;
	uint64_t slots = 0;
	bool confined = true;
	uint8_t *key;

	if (!read_flags(&site, &slots, &confined, argc, argv)) {
		fputs("cairn-plain is started by cairnd; see cairnd.conf(5), \"plain\"\n", stderr);
		return EXIT_USAGE;
	}
	if (!harden() || sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return EXIT_FAULT;
	if (load_templates(&templates) != CAIRN_OK) {
		fputs("cairn-plain: its templates are not where they should be\n", stderr);
		return EXIT_FAULT;
	}
	key = sodium_malloc(SEAL_KEY_BYTES);
	if (key == NULL)
		return EXIT_FAULT;
	randombytes_buf(key, SEAL_KEY_BYTES);
	site.templates = templates;
	site.key = key;
	if (confined)
		confine_to_relay(site.unix_socket == NULL);
	(void)crew_run(&site, (unsigned)slots);
	sodium_free(key);
	templates_free(templates);
	return 0;
}
