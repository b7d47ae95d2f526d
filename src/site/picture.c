// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/picture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <openssl/sha.h>

#include "site/document.h"
#include "site/fault.h"
#include "site/output.h"

#define PICTURE_BYTES_MAX (8U << 20)

/* One line a picture: path, size, language, date, site, title, with tabs between; none of them has one. */
static void
order(GString *lines, const struct page *page)
{
	const struct entry *entry = page->what;
	struct cairn_span site = page->language->title;

	g_string_append_printf(lines, "%s\t%s\t%s\t%.*s\t%.*s\t%.*s\n", page->path, page->text,
	    page->language->said->tag, (int)entry->date.size, entry->date.text, (int)site.size, site.text,
	    (int)entry->title.size, entry->title.text);
}

static bool
missing(const struct page *page)
{
	return page->render == NULL && !page->made;
}

/* The program gets the folder to write to as its working folder, and the orders on stdin from a file. */
static int
run(const char *program, int out, const GString *lines)
{
	FILE *orders = tmpfile();
	int status = -1;
	pid_t child;

	if (orders == NULL)
		return CAIRN_ERR_IO;
	if (fwrite(lines->str, 1, lines->len, orders) != lines->len || fflush(orders) != 0) {
		fclose(orders);
		return CAIRN_ERR_SPACE;
	}
	rewind(orders);
	child = fork();
	if (child == 0) {
		if (fchdir(out) == 0 && dup2(fileno(orders), STDIN_FILENO) >= 0)
			(void)execl(program, program, (char *)NULL);
		_exit(127);
	}
	fclose(orders);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? CAIRN_OK : CAIRN_ERR_IO;
}

static int
take(struct page *page, int out, struct site_fault *fault)
{
	size_t bytes;
	int err;
	char *file = source_file(out, page->path, PICTURE_BYTES_MAX, &bytes, &err, fault);

	if (err == CAIRN_OK) {
		SHA256((const uint8_t *)file, bytes, page->hash);
		err = output_stamp(page->stamp, out, page->path);
	}
	free(file);
	return err;
}

int
pictures_draw(struct pages *pages, int out, size_t *written)
{
	GString *lines = g_string_new(NULL);
	const char *program = pages->site->options->pictures;
	uint64_t stamp[3];
	int err = CAIRN_OK;

	for (guint i = 0; err == CAIRN_OK && i < pages->list->len; i++) {
		const struct page *page = &g_array_index(pages->list, struct page, i);

		if (!missing(page))
			continue;
		order(lines, page);
		/* An empty file first: it makes the folders. */
		err = output_write(stamp, out, page->path, "", 0);
	}
	if (err == CAIRN_OK && lines->len > 0)
		err = run(program, out, lines);
	if (err != CAIRN_OK)
		(void)fault_set(pages->site->fault, err, program, 0, "the pictures cannot be drawn");
	for (guint i = 0; err == CAIRN_OK && i < pages->list->len; i++) {
		struct page *page = &g_array_index(pages->list, struct page, i);

		if (!missing(page))
			continue;
		err = take(page, out, pages->site->fault);
		(*written)++;
	}
	g_string_free(lines, TRUE);
	return err;
}
