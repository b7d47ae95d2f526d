// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/posted.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "site/document.h"
#include "site/fault.h"
#include "site/text.h"

#define FIRST_LINE "cairn posted 1"
#define NOTHING "-"

static const char *const states[] = {"begun", "posted", "changing"};

bool
posted_name_ok(struct cairn_span name, size_t most)
{
	if (name.size == 0 || name.size > most || name.text[0] == '.')
		return false;
	for (size_t i = 0; i < name.size; i++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-.", name.text[i]) == NULL || name.text[i] == '\0')
			return false;
	return true;
}

/* ---- reading ---- */

static bool
take_word(char *out, size_t most, struct cairn_span word)
{
	if (span_is(word, NOTHING))
		word.size = 0;
	else if (word.size == 0)
		return false;
	if (word.size > most)
		return false;
	for (size_t i = 0; i < word.size; i++)
		if (word.text[i] <= ' ' || word.text[i] > '~')
			return false;
	memcpy(out, word.text, word.size);
	out[word.size] = '\0';
	return true;
}

static bool
take_name(char *out, size_t most, struct cairn_span word)
{
	return posted_name_ok(word, most) && !span_is(word, NOTHING) && take_word(out, most, word);
}

static bool
take_state(enum posted_state *out, struct cairn_span word)
{
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if (span_is(word, states[i])) {
			*out = (enum posted_state)i;
			return true;
		}
	return false;
}

/* A state says what else must be there. */
static bool
is_whole(const struct posted *row)
{
	bool open = row->state != POSTED_DONE;

	return open == (row->began_s > 0) && (row->state == POSTED_BEGUN) == (row->id[0] == '\0') &&
	    (row->id[0] != '\0' || row->url[0] == '\0') && (row->url[0] == '\0' || text_is_web(text_of(row->url)));
}

static bool
take_row(struct posted *row, struct cairn_span line)
{
	return take_name(row->account, POSTED_NAME_MAX, span_cut(&line, ' ')) &&
	    take_name(row->entry, POSTED_ENTRY_MAX, span_cut(&line, ' ')) &&
	    take_state(&row->state, span_cut(&line, ' ')) &&
	    text_hex(row->key, sizeof(row->key), span_cut(&line, ' ')) == CAIRN_OK &&
	    text_hex(row->digest, sizeof(row->digest), span_cut(&line, ' ')) == CAIRN_OK &&
	    text_number(&row->began_s, span_cut(&line, ' '), UINT32_MAX) == CAIRN_OK &&
	    take_word(row->id, POSTED_ID_MAX, span_cut(&line, ' ')) && line.text != NULL &&
	    take_word(row->url, POSTED_URL_MAX, line) && is_whole(row);
}

static int
compare(const struct posted *a, const char *account, const char *entry)
{
	int order = strcmp(a->account, account);

	return order != 0 ? order : strcmp(a->entry, entry);
}

static int
take_rows(GArray *rows, struct site_fault *fault, struct cairn_span rest)
{
	for (unsigned number = 2; rest.size > 0; number++) {
		struct posted row = {0};
		struct cairn_span line = span_cut(&rest, '\n');

		if (rest.text == NULL || rows->len == POSTED_ROWS_MAX || !take_row(&row, line) ||
		    (rows->len > 0 &&
			compare(&g_array_index(rows, struct posted, rows->len - 1), row.account, row.entry) >= 0))
			return fault_set(fault, CAIRN_ERR_FORMAT, POSTED_FILE, number,
			    "no line that was written here; put a copy of the file back");
		g_array_append_val(rows, row);
	}
	return CAIRN_OK;
}

int
posted_read(GArray **ret, struct site_fault *fault, struct cairn_span text)
{
	struct cairn_span rest = text;

	*ret = g_array_new(FALSE, TRUE, sizeof(struct posted));
	if (text.size > POSTED_BYTES_MAX || !span_is(span_cut(&rest, '\n'), FIRST_LINE) || rest.text == NULL)
		return fault_set(fault, CAIRN_ERR_FORMAT, POSTED_FILE, 1, "the first line is \"" FIRST_LINE "\"");
	return take_rows(*ret, fault, rest);
}

/* ---- writing ---- */

static void
append_hex(GString *out, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		g_string_append_printf(out, "%02x", bytes[i]);
	g_string_append_c(out, ' ');
}

void
posted_write(GString *out, const GArray *rows)
{
	g_string_append(out, FIRST_LINE "\n");
	for (guint i = 0; i < rows->len; i++) {
		const struct posted *row = &g_array_index(rows, struct posted, i);

		g_string_append_printf(out, "%s %s %s ", row->account, row->entry, states[row->state]);
		append_hex(out, row->key, sizeof(row->key));
		append_hex(out, row->digest, sizeof(row->digest));
		g_string_append_printf(out, "%llu %s %s\n", (unsigned long long)row->began_s,
		    row->id[0] == '\0' ? NOTHING : row->id, row->url[0] == '\0' ? NOTHING : row->url);
	}
}

/* ---- rows ---- */

/* Where it is, or where it would be. */
static guint
place_of(const GArray *rows, const char *account, const char *entry)
{
	guint at = 0;

	while (at < rows->len && compare(&g_array_index(rows, struct posted, at), account, entry) < 0)
		at++;
	return at;
}

struct posted *
posted_find(GArray *rows, const char *account, const char *entry)
{
	guint at = place_of(rows, account, entry);
	struct posted *row = at < rows->len ? &g_array_index(rows, struct posted, at) : NULL;

	return row != NULL && compare(row, account, entry) == 0 ? row : NULL;
}

struct posted *
posted_add(GArray *rows, const char *account, const char *entry)
{
	struct posted *found = posted_find(rows, account, entry), row = {0};
	guint at = place_of(rows, account, entry);

	if (found != NULL)
		return found;
	(void)g_strlcpy(row.account, account, sizeof(row.account));
	(void)g_strlcpy(row.entry, entry, sizeof(row.entry));
	g_array_insert_val(rows, at, row);
	return &g_array_index(rows, struct posted, at);
}

void
posted_drop(GArray *rows, const char *account, const char *entry)
{
	if (posted_find(rows, account, entry) != NULL)
		g_array_remove_index(rows, place_of(rows, account, entry));
}

/* ---- the file ---- */

int
posted_load(GArray **ret, struct site_fault *fault, int folder)
{
	size_t size;
	int err;
	char *text = source_file(folder, POSTED_FILE, POSTED_BYTES_MAX, &size, &err, fault);

	if (err == CAIRN_OK)
		err = posted_read(ret, fault, (struct cairn_span){text, size});
	else
		*ret = g_array_new(FALSE, TRUE, sizeof(struct posted));
	free(text);
	return err == CAIRN_ERR_UNKNOWN ? CAIRN_OK : err;
}

static bool
write_durably(int folder, const GString *text)
{
	int fd = openat(folder, POSTED_FILE ".new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	size_t done = 0;
	bool good;

	if (fd < 0)
		return false;
	while (done < text->len) {
		ssize_t n = write(fd, text->str + done, text->len - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	good = done == text->len && fsync(fd) == 0;
	return close(fd) == 0 && good && renameat(folder, POSTED_FILE ".new", folder, POSTED_FILE) == 0 &&
	    fsync(folder) == 0;
}

int
posted_save(const GArray *rows, struct site_fault *fault, int folder)
{
	GString *text = g_string_new(NULL);
	bool good;

	posted_write(text, rows);
	good = rows->len <= POSTED_ROWS_MAX && text->len <= POSTED_BYTES_MAX && write_durably(folder, text);
	g_string_free(text, TRUE);
	return good ? CAIRN_OK
		    : fault_set(fault, errno == ENOSPC || errno == EDQUOT ? CAIRN_ERR_SPACE : CAIRN_ERR_IO,
			  POSTED_FILE, 0, "could not be written: %s", strerror(errno));
}
