// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/config.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/page_template.h"
#include "base/plain_wire.h"
#include "base/text.h"

#define WORDS_MAX 4U

struct words {
	struct cairn_span word[WORDS_MAX];
	size_t count;
};

struct keyword {
	const char *name;
	size_t least; /* values */
	size_t most;
	int (*set)(struct config *config, struct config_error *error, const struct words *values);
	const char *form;
};

__attribute__((format(printf, 2, 3))) static int
wrong(struct config_error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
	return CAIRN_ERR_FORMAT;
}

static int
number(uint64_t *out, struct config_error *error, struct cairn_span word, uint64_t least, uint64_t most)
{
	uint64_t v = 0;

	if (text_number(&v, word, most) != CAIRN_OK || v < least)
		return wrong(error, "\"%.*s\" is not a number from %llu to %llu", (int)word.size, word.text,
		    (unsigned long long)least, (unsigned long long)most);
	*out = v;
	return CAIRN_OK;
}

static int
small_number(unsigned *out, struct config_error *error, const struct words *values, uint64_t least,
    uint64_t most)
{
	uint64_t v = 0;
	int err = number(&v, error, values->word[0], least, most);

	if (err == CAIRN_OK)
		*out = (unsigned)v;
	return err;
}

static int
yes_or_no(bool *out, struct config_error *error, const struct words *values)
{
	if (!span_is(values->word[0], "yes") && !span_is(values->word[0], "no"))
		return wrong(error, "say yes or no");
	*out = span_is(values->word[0], "yes");
	return CAIRN_OK;
}

static int
copy(char *out, size_t room, struct config_error *error, struct cairn_span word)
{
	if (word.size >= room)
		return wrong(error, "\"%.*s\" is longer than %zu bytes", 60, word.text, room - 1);
	memcpy(out, word.text, word.size);
	out[word.size] = '\0';
	return CAIRN_OK;
}

static int
set_data(struct config *config, struct config_error *error, const struct words *values)
{
	if (values->word[0].text[0] != '/')
		return wrong(error, "the data folder is given from the root: /...");
	return copy(config->data, sizeof config->data, error, values->word[0]);
}

/* address:port or [address]:port, cut at the last colon. */
static int
read_address(struct config_listen *listen, struct config_error *error, struct cairn_span word)
{
	size_t colon = word.size;
	uint8_t binary[16];
	uint64_t port = 0;
	bool six;

	while (colon > 0 && word.text[colon - 1] != ':')
		colon--;
	if (colon < 2)
		return wrong(error, "a listener is unix:/path, 127.0.0.1:port or [::1]:port");
	if (number(&port, error, (struct cairn_span){word.text + colon, word.size - colon}, 1, 65535) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	word.size = colon - 1;
	six = word.size > 2 && word.text[0] == '[' && word.text[word.size - 1] == ']';
	if (six)
		word = (struct cairn_span){word.text + 1, word.size - 2};
	if (copy(listen->address, sizeof listen->address, error, word) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	if (inet_pton(six ? AF_INET6 : AF_INET, listen->address, binary) != 1)
		return wrong(error, "\"%s\" is not a numeric address", listen->address);
	listen->kind = CONFIG_LISTEN_TCP;
	listen->port = (uint16_t)port;
	return CAIRN_OK;
}

static bool
loopback(const struct config_listen *listen)
{
	return listen->kind == CONFIG_LISTEN_UNIX || strncmp(listen->address, "127.", 4) == 0 ||
	    strcmp(listen->address, "::1") == 0;
}

static int
add_listen(struct config *config, struct config_error *error, const struct words *values, bool site)
{
	struct config_listen listen = {.site = site};
	struct cairn_span word = values->word[0];
	int err;

	if (config->listen_count == CONFIG_LISTEN_MAX)
		return wrong(error, "at most %u listeners", CONFIG_LISTEN_MAX);
	if (word.size > 5 && memcmp(word.text, "unix:", 5) == 0) {
		listen.kind = CONFIG_LISTEN_UNIX;
		err = copy(listen.address, sizeof listen.address, error,
		    (struct cairn_span){word.text + 5, word.size - 5});
	} else {
		err = read_address(&listen, error, word);
	}
	if (err != CAIRN_OK)
		return err;
	if (values->count == 2 && (!span_is(values->word[1], "counted") || listen.kind == CONFIG_LISTEN_UNIX))
		return wrong(error, "behind an address and port only the word \"counted\" may stand");
	listen.counted = values->count == 2 || !loopback(&listen);
	config->listens[config->listen_count++] = listen;
	return CAIRN_OK;
}

static int
set_listen(struct config *config, struct config_error *error, const struct words *values)
{
	return add_listen(config, error, values, false);
}

static int
set_site_listen(struct config *config, struct config_error *error, const struct words *values)
{
	return add_listen(config, error, values, true);
}

static int
set_anywhere(struct config *config, struct config_error *error, const struct words *values)
{
	return yes_or_no(&config->anywhere, error, values);
}

static int
set_socket_mode(struct config *config, struct config_error *error, const struct words *values)
{
	struct cairn_span word = values->word[0];
	unsigned mode = 0;

	for (size_t i = 0; i < word.size; i++) {
		if (word.text[i] < '0' || word.text[i] > '7' || word.size > 4)
			return wrong(error, "a mode is three or four octal digits, as 0660");
		mode = mode * 8 + (unsigned)(word.text[i] - '0');
	}
	if (mode > 0777)
		return wrong(error, "a mode is at most 0777");
	config->socket_mode = mode;
	return CAIRN_OK;
}

static int
set_threads(struct config *config, struct config_error *error, const struct words *values)
{
	return small_number(&config->threads, error, values, 1, 64);
}

static int
set_connections(struct config *config, struct config_error *error, const struct words *values)
{
	return small_number(&config->connections, error, values, 8, 60000);
}

static int
set_verifiers(struct config *config, struct config_error *error, const struct words *values)
{
	return small_number(&config->verifiers, error, values, 1, 64);
}

static int
set_rate(struct config *config, struct config_error *error, const struct words *values)
{
	return small_number(&config->rate, error, values, 1, 65535);
}

static int
set_reserve(struct config *config, struct config_error *error, const struct words *values)
{
	return small_number(&config->reserve_mib, error, values, 0, 1048576);
}

static int
set_feed(struct config *config, struct config_error *error, const struct words *values)
{
	return small_number(&config->feed_mib, error, values, 1, 1048576);
}

static int
set_cache(struct config *config, struct config_error *error, const struct words *values)
{
	return small_number(&config->cache_mib, error, values, 1, 65536);
}

static int
set_confine(struct config *config, struct config_error *error, const struct words *values)
{
	return yes_or_no(&config->confine, error, values);
}

static int
set_page(struct config *config, struct config_error *error, const struct words *values)
{
	if (values->word[0].text[0] != '/')
		return wrong(error, "the page's folder is given from the root: /...");
	return copy(config->page, sizeof config->page, error, values->word[0]);
}

static int
set_site(struct config *config, struct config_error *error, const struct words *values)
{
	if (values->word[0].text[0] != '/')
		return wrong(error, "the site's folder is given from the root: /...");
	return copy(config->site, sizeof config->site, error, values->word[0]);
}

static int
set_exit(struct config *config, struct config_error *error, const struct words *values)
{
	struct cairn_span word = values->word[0];

	if (word.size < 9 || memcmp(word.text, "https://", 8) != 0 || !page_address_ok(word))
		return wrong(error, "the exit is a plain address that begins with https://");
	return copy(config->exit, sizeof config->exit, error, word);
}

static int
set_languages(struct config *config, struct config_error *error, const struct words *values)
{
	struct cairn_span word = values->word[0];

	if (!span_is(word, "all") && !span_is(word, "reviewed"))
		return wrong(error, "say reviewed, or all to offer languages that no native speaker has reviewed");
	config->all_languages = span_is(word, "all");
	return CAIRN_OK;
}

/* A number, and perhaps another place than the usual for the program. */
static int
set_plain(struct config *config, struct config_error *error, const struct words *values)
{
	int err = small_number(&config->plain, error, values, 0, PLAIN_SLOTS_MAX);

	if (err != CAIRN_OK || values->count == 1)
		return err;
	if (values->word[1].text[0] != '/')
		return wrong(error, "the program is given from the root: /...");
	return copy(config->plain_program, sizeof config->plain_program, error, values->word[1]);
}

static int
read_door(enum cairn_door *door, struct config_error *error, const struct words *values)
{
	struct cairn_span word = values->word[0];

	if (span_is(word, "intake"))
		*door = CAIRN_DOOR_INTAKE;
	else if (span_is(word, "campaign"))
		*door = CAIRN_DOOR_CAMPAIGN;
	else
		return wrong(error, "\"%.*s\" is no door: intake or campaign", (int)word.size, word.text);
	return CAIRN_OK;
}

static int
set_difficulty(struct config *config, struct config_error *error, const struct words *values)
{
	enum cairn_door door;
	uint64_t bits = 0;

	if (read_door(&door, error, values) != CAIRN_OK ||
	    number(&bits, error, values->word[1], 0, 30) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	config->difficulty[door] = (unsigned)bits;
	return CAIRN_OK;
}

static int
set_quota(struct config *config, struct config_error *error, const struct words *values)
{
	enum cairn_door door;
	uint64_t cells = 0, blobs = 0;

	if (read_door(&door, error, values) != CAIRN_OK ||
	    number(&cells, error, values->word[1], 1, 1000000000) != CAIRN_OK ||
	    number(&blobs, error, values->word[2], 0, 1000000000) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	config->cells[door] = cells;
	config->blobs[door] = blobs;
	return CAIRN_OK;
}

static const struct keyword keywords[] = {
	{"anywhere", 1, 1, set_anywhere, "yes or no"},
	{"board-cache", 1, 1, set_cache, "MiB"},
	{"confine", 1, 1, set_confine, "yes or no"},
	{"connections", 1, 1, set_connections, "number"},
	{"data", 1, 1, set_data, "folder"},
	{"difficulty", 2, 2, set_difficulty, "door and bits"},
	{"exit", 1, 1, set_exit, "https://address"},
	{"feed", 1, 1, set_feed, "MiB"},
	{"languages", 1, 1, set_languages, "reviewed or all"},
	{"listen", 1, 2, set_listen, "unix:/path or address:port, and \"counted\" or nothing"},
	{"page", 1, 1, set_page, "folder"},
	{"plain", 1, 2, set_plain, "number, and the program or nothing"},
	{"quota", 3, 3, set_quota, "door, cells and blobs"},
	{"rate", 1, 1, set_rate, "number"},
	{"reserve", 1, 1, set_reserve, "MiB"},
	{"site", 1, 1, set_site, "folder"},
	{"site-listen", 1, 1, set_site_listen, "unix:/path or address:port"},
	{"socket-mode", 1, 1, set_socket_mode, "octal mode"},
	{"threads", 1, 1, set_threads, "number"},
	{"verifiers", 1, 1, set_verifiers, "number"},
};

void
config_defaults(struct config *config)
{
	*config = (struct config){
		.data = "/var/lib/cairn",
		.socket_mode = 0660,
		.threads = 2,
		.connections = 1024,
		.verifiers = 2,
		.rate = 600,
		.reserve_mib = 64,
		.cache_mib = 8,
		.confine = true,
		.exit = "https://www.wikipedia.org/",
		.plain_program = CAIRN_PLAIN_PROGRAM,
		.cells = {0, 1000000, 1000000},
		.blobs = {0, 65536, 16384},
		.feed_mib = 4096,
	};
}

static int
set(struct config *config, struct config_error *error, struct cairn_span name, const struct words *values)
{
	for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
		const struct keyword *k = &keywords[i];

		if (!span_is(name, k->name))
			continue;
		if (values->count < k->least || values->count > k->most)
			return wrong(error, "\"%s\" wants: %s", k->name, k->form);
		return k->set(config, error, values);
	}
	return wrong(error, "\"%.*s\" is no keyword", (int)(name.size < 60 ? name.size : 60), name.text);
}

static int
cut_words(struct words *out, struct config_error *error, struct cairn_span line)
{
	out->count = 0;
	while (line.size > 0) {
		size_t size = 0;

		if (line.text[0] == ' ' || line.text[0] == '\t') {
			line = (struct cairn_span){line.text + 1, line.size - 1};
			continue;
		}
		while (size < line.size && line.text[size] != ' ' && line.text[size] != '\t')
			size++;
		if (out->count == WORDS_MAX)
			return wrong(error, "too many words");
		out->word[out->count++] = (struct cairn_span){line.text, size};
		line = (struct cairn_span){line.text + size, line.size - size};
	}
	return CAIRN_OK;
}

static int
read_line(struct config *config, struct config_error *error, struct cairn_span line)
{
	struct words words, values = {.count = 0};
	int err = cut_words(&words, error, line);

	if (err != CAIRN_OK || words.count == 0)
		return err;
	for (size_t i = 1; i < words.count; i++)
		values.word[values.count++] = words.word[i];
	return set(config, error, words.word[0], &values);
}

int
config_read(struct config *config, struct config_error *error, struct cairn_span text)
{
	int err = CAIRN_OK;

	*error = (struct config_error){0};
	if (text.size > CONFIG_BYTES_MAX)
		return wrong(error, "longer than %u bytes", CONFIG_BYTES_MAX);
	if (text.size > 0 && memchr(text.text, '\0', text.size) != NULL)
		return wrong(error, "a zero byte: this is no text");
	while (err == CAIRN_OK && text.text != NULL) {
		struct cairn_span line = span_cut(&text, '\n');

		error->line++;
		if (line.size > 0)
			err = read_line(config, error, span_cut(&line, '#'));
	}
	return err;
}

int
config_set(struct config *config, struct config_error *error, const char *keyword, const char *value)
{
	struct words values;

	*error = (struct config_error){0};
	if (cut_words(&values, error, (struct cairn_span){value, strlen(value)}) != CAIRN_OK)
		return CAIRN_ERR_FORMAT;
	return set(config, error, (struct cairn_span){keyword, strlen(keyword)}, &values);
}

int
config_check(const struct config *config, struct config_error *error)
{
	bool site_listens = false;

	*error = (struct config_error){0};
	if (config->listen_count == 0)
		return wrong(error, "no listener: say for example \"listen unix:/run/cairn/cairnd.sock\"");
	for (size_t i = 0; i < config->listen_count; i++)
		site_listens = site_listens || config->listens[i].site;
	if (site_listens != (config->site[0] != '\0'))
		return wrong(error, "the public site wants both its folder (site) and a listener of its own "
		    "(site-listen)");
	for (size_t i = 0; i < config->listen_count; i++)
		if (!loopback(&config->listens[i]) && !config->anywhere)
			return wrong(error,
			    "%s can be reached from other machines, without encryption on the way; if that is "
			    "meant, say \"anywhere yes\"",
			    config->listens[i].address);
	return CAIRN_OK;
}
