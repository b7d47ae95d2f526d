// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/posting_conf.h"

#include <string.h>

#include <glib.h>

#include "base/text.h"
#include "net/mail.h"
#include "site/fault.h"
#include "site/posted.h"
#include "site/text.h"

static const struct {
	const char *name;
	unsigned bit;
} services[] = {
    {"dreamwidth", POSTING_DREAMWIDTH},
    {"livejournal", POSTING_LIVEJOURNAL},
    {"mastodon", POSTING_MASTODON},
    {"mail", POSTING_MAIL},
};
#define SERVICES (sizeof services / sizeof services[0])

const char *
posting_service_name(unsigned service)
{
	for (size_t i = 0; i < SERVICES; i++)
		if (services[i].bit == service)
			return services[i].name;
	return NULL;
}

/* ---- values ---- */

bool
posting_is_here(const char *url)
{
	static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]"};
	const char *host = strstr(url, "://");

	for (size_t i = 0; host != NULL && i < sizeof hosts / sizeof hosts[0]; i++) {
		size_t size = strlen(hosts[i]);

		if (strncmp(host + 3, hosts[i], size) == 0 && strchr(":/", host[3 + size]) != NULL)
			return true;
	}
	return false;
}

static bool
is_onion(const char *url)
{
	const char *host = strstr(url, "://") + 3;
	size_t size = strcspn(host, ":/");

	return size > 6 && strncmp(host + size - 6, ".onion", 6) == 0;
}

/* A secret or a password crosses no network in the clear. smtp:// must turn TLS on before anything is said. */
static bool
is_server(struct cairn_span value)
{
	static const char *const safe[] = {"https://", "smtps://", "smtp://"};

	for (size_t i = 0; i < value.size; i++)
		if (value.text[i] <= ' ' || value.text[i] > '~' || strchr("@?#\"'<>\\", value.text[i]) != NULL)
			return false;
	for (size_t i = 0; i < sizeof safe / sizeof safe[0]; i++)
		if (text_starts(value, safe[i]))
			return value.size > strlen(safe[i]) && value.text[strlen(safe[i])] != '/';
	return text_starts(value, "http://") && (posting_is_here(value.text) || is_onion(value.text));
}

static bool
is_address(struct cairn_span value)
{
	const char *at = memchr(value.text, '@', value.size);

	for (size_t i = 0; i < value.size; i++)
		if (value.text[i] <= ' ' || value.text[i] > '~' || strchr("<>,;:\"\\()[]", value.text[i]) != NULL)
			return false;
	return at != NULL && at > value.text && at + 1 < value.text + value.size &&
	    memchr(at + 1, '@', (size_t)(value.text + value.size - at - 1)) == NULL;
}

static bool
are_addresses(struct cairn_span value)
{
	size_t count = 0;

	while (value.text != NULL)
		if (!is_address(text_trim(span_cut(&value, ','))) || ++count > NET_MAIL_TO_MAX)
			return false;
	return true;
}

static bool
is_journal_name(struct cairn_span value)
{
	for (size_t i = 0; i < value.size; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", value.text[i]) == NULL)
			return false;
	return value.size <= 25;
}

static bool
is_length(struct cairn_span value)
{
	uint64_t number = 0;

	return text_number(&number, value, 100000) == CAIRN_OK && number >= 200;
}

static bool
is_screening(struct cairn_span value)
{
	return span_is(value, "all") || span_is(value, "anonymous") || span_is(value, "strangers") ||
	    span_is(value, "none");
}

static bool
is_visibility(struct cairn_span value)
{
	return span_is(value, "public") || span_is(value, "unlisted") || span_is(value, "private");
}

static bool
is_yes_or_no(struct cairn_span value)
{
	return span_is(value, "yes") || span_is(value, "no");
}

static bool
is_path(struct cairn_span value)
{
	return value.text[0] == '/';
}

static const struct {
	const char *name;
	unsigned may, needs;
} keys[] = {
#define ROW(name, key, may, needs) {key, may, needs},
    POSTING_KEYS(ROW)
#undef ROW
};

static const struct {
	bool (*ok)(struct cairn_span value);
	const char *form;
} forms[POSTING_KEY_COUNT] = {
    [POSTING_KEY_SERVER] = {is_server,
	"https://..., or smtps:// and smtp:// for mail; http:// on this machine alone"},
    [POSTING_KEY_JOURNAL] = {is_journal_name, "a journal's name"},
    [POSTING_KEY_SECRET_FILE] = {is_path, "a path from the root"},
    [POSTING_KEY_SCREENING] = {is_screening, "all, anonymous, strangers or none"},
    [POSTING_KEY_BACKDATED] = {is_yes_or_no, "yes or no"},
    [POSTING_KEY_VISIBILITY] = {is_visibility, "public, unlisted or private"},
    [POSTING_KEY_LENGTH] = {is_length, "a number of characters from 200 to 100000"},
    [POSTING_KEY_FROM] = {is_address, "an address"},
    [POSTING_KEY_TO] = {are_addresses, "up to 16 addresses with commas between"},
};

/* ---- reading ---- */

static int
find_key(const char *name)
{
	for (int i = 0; i < POSTING_KEY_COUNT; i++)
		if (strcmp(keys[i].name, name) == 0)
			return i;
	return -1;
}

static int
take_value(struct posting_account *a, struct site_fault *fault, const char *name, const char *said)
{
	struct cairn_span value = text_of(said);
	int key = find_key(name);

	if (key < 0)
		return fault_set(fault, CAIRN_ERR_FORMAT, POSTING_CONF, 0,
		    "[%.40s]: %.60s is no key that is known here", a->name, name);
	if (value.size == 0 || value.size > POSTING_VALUE_MAX || !text_is_line(value))
		return fault_set(fault, CAIRN_ERR_FORMAT, POSTING_CONF, 0,
		    "[%s]: %s is one line of 1 to %u bytes, without control characters", a->name, name,
		    POSTING_VALUE_MAX);
	if (forms[key].ok != NULL && !forms[key].ok(value))
		return fault_set(fault, CAIRN_ERR_FORMAT, POSTING_CONF, 0, "[%s]: %s: wanted is %s", a->name, name,
		    forms[key].form);
	memcpy(a->values[key], value.text, value.size + 1);
	return CAIRN_OK;
}

/* Mail goes by SMTP, all else by HTTP. */
static bool
fits(const struct posting_account *a)
{
	const char *server = a->values[POSTING_KEY_SERVER];

	return server[0] == '\0' || g_str_has_prefix(server, "smtp") == (a->service == POSTING_MAIL);
}

static int
check(struct posting_account *a, struct site_fault *fault)
{
	for (size_t i = 0; i < SERVICES; i++)
		if (strcmp(a->values[POSTING_KEY_SERVICE], services[i].name) == 0)
			a->service = services[i].bit;
	if (a->service == 0)
		return fault_set(fault, CAIRN_ERR_FORMAT, POSTING_CONF, 0,
		    "[%s]: service is dreamwidth, livejournal, mastodon or mail", a->name);
	for (int i = 0; i < POSTING_KEY_COUNT; i++) {
		bool said = a->values[i][0] != '\0';

		if ((said && (keys[i].may & a->service) == 0) || (!said && (keys[i].needs & a->service) != 0))
			return fault_set(fault, CAIRN_ERR_FORMAT, POSTING_CONF, 0, "[%s]: %s %s", a->name,
			    keys[i].name, said ? "has no place there" : "is missing");
	}
	return fits(a) ? CAIRN_OK
		       : fault_set(fault, CAIRN_ERR_FORMAT, POSTING_CONF, 0, "[%s]: server: wanted is %s", a->name,
			     a->service == POSTING_MAIL ? "smtps:// or smtp://" : "https://");
}

static int
take_account(struct posting_account *a, struct site_fault *fault, GKeyFile *file, const char *name)
{
	char **names;
	int err = CAIRN_OK;

	*a = (struct posting_account){0};
	if (!posted_name_ok(text_of(name), POSTED_NAME_MAX) || strcmp(name, "-") == 0)
		return fault_set(fault, CAIRN_ERR_FORMAT, POSTING_CONF, 0,
		    "[%.60s]: a name is a-z, 0-9 and hyphens, at most %u", name, POSTED_NAME_MAX);
	(void)g_strlcpy(a->name, name, sizeof(a->name));
	names = g_key_file_get_keys(file, name, NULL, NULL);
	for (size_t i = 0; err == CAIRN_OK && names != NULL && names[i] != NULL; i++) {
		char *value = g_key_file_get_value(file, name, names[i], NULL);

		err = take_value(a, fault, names[i], value == NULL ? "" : value);
		g_free(value);
	}
	g_strfreev(names);
	return err == CAIRN_OK ? check(a, fault) : err;
}

static int
take_all(struct posting_account *account, struct site_fault *fault, GKeyFile *file, const char *name)
{
	char **groups = g_key_file_get_groups(file, NULL);
	bool found = false;
	int err = CAIRN_OK;

	for (size_t i = 0; err == CAIRN_OK && groups[i] != NULL; i++) {
		struct posting_account a;

		err = take_account(&a, fault, file, groups[i]);
		if (err == CAIRN_OK && strcmp(a.name, name) == 0) {
			*account = a;
			found = true;
		}
	}
	g_strfreev(groups);
	return err != CAIRN_OK || found
	    ? err
	    : fault_set(fault, CAIRN_ERR_UNKNOWN, POSTING_CONF, 0, "there is no account [%.60s]", name);
}

int
posting_conf_read(
    struct posting_account *account, struct site_fault *fault, struct cairn_span text, const char *name)
{
	GKeyFile *file = g_key_file_new();
	GError *error = NULL;
	int err;

	*account = (struct posting_account){0};
	if (text.size == 0 || text.size > POSTING_CONF_BYTES_MAX ||
	    !text_is_utf8((const uint8_t *)text.text, text.size) || memchr(text.text, '\0', text.size) != NULL)
		err = fault_set(fault, CAIRN_ERR_FORMAT, POSTING_CONF, 0, "empty, too long, or no text");
	else if (!g_key_file_load_from_data(file, text.text, text.size, G_KEY_FILE_NONE, &error))
		err = fault_set(fault, CAIRN_ERR_FORMAT, POSTING_CONF, 0, "%s", error->message);
	else
		err = take_all(account, fault, file, name);
	g_clear_error(&error);
	g_key_file_free(file);
	return err;
}
