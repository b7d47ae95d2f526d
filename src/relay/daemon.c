// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/daemon.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "relay/allowance.h"
#include "relay/answer.h"
#include "relay/blobs.h"
#include "relay/board_cache.h"
#include "relay/clock.h"
#include "relay/commit.h"
#include "relay/confine.h"
#include "relay/connections.h"
#include "relay/desks.h"
#include "relay/files.h"
#include "relay/housekeeper.h"
#include "relay/http.h"
#include "relay/leases.h"
#include "relay/listen.h"
#include "relay/log.h"
#include "relay/mailbox.h"
#include "relay/nonces.h"
#include "relay/page.h"
#include "relay/plain.h"
#include "relay/pool.h"
#include "relay/relay.h"
#include "relay/site.h"
#include "relay/store.h"
#include "relay/waits.h"

#define LEASE_SLOTS 16384U
#define ALLOWANCE_SLOTS 65536U /* devices that append on one day */
#define NONCE_SLOTS 65536U
#define KEEPER_WAITING 256U
#define VERIFIERS_WAITING 256U

#define KEY_TEXT_BYTES sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_ORIGINAL)

static void
key_text(char out[KEY_TEXT_BYTES], const struct relay_key *key)
{
	sodium_bin2base64(out, KEY_TEXT_BYTES, key->public_key, sizeof key->public_key,
	    sodium_base64_VARIANT_ORIGINAL);
}

/* --- the data folder --- */

static int
open_data(const struct config *config)
{
	int data;

	if (mkdir(config->data, 0700) != 0 && errno != EEXIST) {
		log_line(LOG_LEVEL_ERROR, "the data folder %s cannot be made: %s", config->data, strerror(errno));
		return -1;
	}
	data = open(config->data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (data < 0)
		log_line(LOG_LEVEL_ERROR, "the data folder %s: %s", config->data, strerror(errno));
	return data;
}

/* One daemon to a data folder. Held until the process ends. */
static int
lock_data(int data)
{
	int fd = openat(data, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	if (fd < 0) {
		log_line(LOG_LEVEL_ERROR, "the data folder cannot be written: %s", strerror(errno));
		return CAIRN_ERR_IO;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return CAIRN_OK;
	log_line(LOG_LEVEL_ERROR, "another cairnd runs on this data folder");
	close(fd);
	return CAIRN_ERR_BUSY;
}

/* What was coming in when the last one ended. */
static int
empty_temp(int data)
{
	int err = file_remove_tree(data, "tmp");

	return err != CAIRN_OK ? err : file_folders(data, "tmp/");
}

static int
load_key(struct relay *relay)
{
	char text[KEY_TEXT_BYTES];
	bool fresh;
	int err = relay_key_load(&relay->key, &fresh, relay->data);

	if (err != CAIRN_OK) {
		log_line(LOG_LEVEL_ERROR, "the key in %s: %s", RELAY_KEY_FILE, cairn_strerror(err));
		return err;
	}
	key_text(text, relay->key);
	if (fresh)
		log_line(LOG_LEVEL_NOTICE, "made this relay's key; keep a copy of the file %s in a safe place",
		    RELAY_KEY_FILE);
	log_line(LOG_LEVEL_INFO,
	    "the relay's public key is %s; desks are added by \"cairnd desk add DESK_ID\"", text);
	return CAIRN_OK;
}

/* --- parts --- */

static void
apply_settings(struct relay *relay, const struct config *config)
{
	for (unsigned door = 0; door < CONFIG_DOORS; door++) {
		relay->settings.difficulty[door] = config->difficulty[door];
		relay->settings.cells[door] = config->cells[door];
		relay->settings.blobs[door] = config->blobs[door];
	}
	relay->settings.feed_bytes = (uint64_t)config->feed_mib << 20;
	relay->settings.rate = config->rate;
	relay->settings.reserve_mib = config->reserve_mib;
}

static int
make_parts(struct relay *relay)
{
	const struct config *config = relay->config;
	int err;

	if ((err = desks_new(&relay->desks, relay->data)) != CAIRN_OK ||
	    (err = store_sqlite_open(&relay->store, config->data, clock_hour())) != CAIRN_OK ||
	    (err = blobs_new(&relay->blobs, relay->data, relay->store)) != CAIRN_OK ||
	    (err = leases_new(&relay->leases, LEASE_SLOTS)) != CAIRN_OK ||
	    (err = mailbox_new(&relay->mailbox)) != CAIRN_OK ||
	    (err = waits_new(&relay->waits, config->connections / 4)) != CAIRN_OK ||
	    (err = nonces_new(&relay->nonces, NONCE_SLOTS)) != CAIRN_OK ||
	    (err = allowance_new(&relay->allowance, ALLOWANCE_SLOTS)) != CAIRN_OK ||
	    (err = board_cache_new(&relay->cache, (size_t)config->cache_mib << 20)) != CAIRN_OK ||
	    (err = page_new(&relay->page, config)) != CAIRN_OK ||
	    (err = site_server_new(&relay->site, config)) != CAIRN_OK ||
	    (err = connections_new(&relay->connections, config->connections)) != CAIRN_OK ||
	    (err = answers_new(&relay->answers)) != CAIRN_OK)
		log_line(LOG_LEVEL_ERROR, "cannot open what is in %s: %s", config->data, cairn_strerror(err));
	return err;
}

static int
start_threads(struct relay *relay)
{
	int err;

	if ((err = commit_new(&relay->commit, relay->store)) != CAIRN_OK ||
	    (err = pool_new(&relay->keeper, 1, KEEPER_WAITING)) != CAIRN_OK ||
	    (err = pool_new(&relay->verifiers, relay->config->verifiers, VERIFIERS_WAITING)) != CAIRN_OK ||
	    (err = plain_serve(relay->plain)) != CAIRN_OK || (err = http_start(relay)) != CAIRN_OK ||
	    (err = site_server_start(relay->site, relay)) != CAIRN_OK)
		log_line(LOG_LEVEL_ERROR, "cannot start serving: %s", cairn_strerror(err));
	return err;
}

/* In this order: nothing new, then what waits is brought to its end and wakes its connection, then those end. */
static void
stop(struct relay *relay)
{
	plain_stop(relay->plain);
	waits_end(relay->waits);
	pool_end(relay->verifiers);
	pool_end(relay->keeper);
	commit_end(relay->commit);
	http_stop(relay);
	/* Until now requests could still come on connections that were open, to be told that it is too late. */
	pool_free(relay->verifiers);
	pool_free(relay->keeper);
	commit_free(relay->commit);
	plain_free(relay->plain);
	answers_free(relay->answers);
	connections_free(relay->connections);
	page_free(relay->page);
	site_server_free(relay->site);
	board_cache_free(relay->cache);
	nonces_free(relay->nonces);
	allowance_free(relay->allowance);
	waits_free(relay->waits);
	mailbox_free(relay->mailbox);
	leases_free(relay->leases);
	blobs_free(relay->blobs);
	store_close(relay->store);
	desks_free(relay->desks);
	buckets_clear(&relay->buckets);
	relay_key_free(relay->key);
}

/* --- signals --- */

static void
reload(struct relay *relay, const struct options *options)
{
	struct config_error error;
	struct config fresh;

	if (!options_config(&fresh, options))
		return;
	if (config_check(&fresh, &error) != CAIRN_OK) {
		log_line(LOG_LEVEL_ERROR, "the configuration stays as it was: %s", error.text);
		return;
	}
	apply_settings(relay, &fresh);
	log_line(LOG_LEVEL_NOTICE,
	    "read the configuration again: difficulty, feed, quota, rate and reserve are in force, the rest "
	    "at the next start");
}

/* Until it is told to end. */
static void
wait_for_signals(struct relay *relay, const struct options *options, const sigset_t *signals)
{
	static const struct timespec second = {1, 0};
	int got;

	do {
		got = sigtimedwait(signals, NULL, &second);
		if (got == SIGHUP)
			reload(relay, options);
		housekeeper_second(relay);
	} while (got != SIGTERM && got != SIGINT);
}

static void
block_signals(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGHUP);
	pthread_sigmask(SIG_BLOCK, signals, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit on files is a full disk like any other */
}

static int
serve(struct relay *relay, const struct options *options, const sigset_t *signals)
{
	struct housekeeper *housekeeper = NULL;
	struct listen *listen = NULL;
	int err = listen_open(&listen, relay->config);

	if (err == CAIRN_OK)
		err = plain_start(&relay->plain, relay->config);
	if (err == CAIRN_OK)
		err = confine(relay->config, options->file == NULL ? OPTIONS_FILE : options->file);
	if (err == CAIRN_OK)
		err = start_threads(relay);
	if (err == CAIRN_OK)
		err = housekeeper_new(&housekeeper, relay);
	if (err == CAIRN_OK)
		err = listen_start(listen, relay);
	if (err == CAIRN_OK) {
		log_line(LOG_LEVEL_INFO, "serving %zu desks", desks_count(relay->desks));
		wait_for_signals(relay, options, signals);
		log_line(LOG_LEVEL_INFO, "ending");
	}
	listen_free(listen);
	housekeeper_free(housekeeper);
	return err;
}

int
daemon_run(const struct config *config, const struct options *options)
{
	struct relay relay = {.config = config, .data = -1};
	sigset_t signals;
	int err;

	/* Few arenas: memory that is given back is used again by whoever asks next. */
	mallopt(M_ARENA_MAX, 2);
	block_signals(&signals);
	if (harden(config) != CAIRN_OK || (relay.data = open_data(config)) < 0 || lock_data(relay.data) != CAIRN_OK)
		return EXIT_FAULT;
	buckets_init(&relay.buckets);
	apply_settings(&relay, config);
	err = empty_temp(relay.data);
	if (err == CAIRN_OK)
		err = load_key(&relay);
	if (err == CAIRN_OK)
		err = make_parts(&relay);
	if (err == CAIRN_OK)
		err = serve(&relay, options, &signals);
	stop(&relay);
	close(relay.data);
	return err == CAIRN_OK ? EXIT_SUCCESS : EXIT_FAULT;
}

int
daemon_print_key(const struct config *config)
{
	char text[KEY_TEXT_BYTES];
	struct relay_key *key;
	bool fresh;
	int data;
	int err;

	umask(077);
	data = open_data(config);
	if (data < 0)
		return EXIT_FAULT;
	err = relay_key_load(&key, &fresh, data);
	close(data);
	if (err != CAIRN_OK) {
		fprintf(stderr, "cairnd: the key in %s: %s\n", RELAY_KEY_FILE, cairn_strerror(err));
		return EXIT_FAULT;
	}
	key_text(text, key);
	puts(text);
	relay_key_free(key);
	return EXIT_SUCCESS;
}
