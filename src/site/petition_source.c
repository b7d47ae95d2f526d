// SPDX-License-Identifier: GPL-3.0-or-later
#include "site/petition_source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "site/document.h"
#include "site/fault.h"
#include "site/kinds.h"
#include "site/text.h"
#include "base/text.h"

static int
hostile_load(struct petition_source *s, struct site_fault *fault)
{
	struct document *d;
	int err = document_load(&d, s->folder, "site.md", site_keys, site_key_count, fault);

	if (err != CAIRN_OK)
		return err;
	s->site = g_ptr_array_new_with_free_func((GDestroyNotify)document_free);
	g_ptr_array_add(s->site, d);
	s->rules.hostile = head_value(&d->head, "hostile");
	return CAIRN_OK;
}

static void
rules_fill(struct petition_source *s)
{
	s->list = g_new0(struct petition_rule, s->petitions->len + 1);
	for (guint i = 0; i < s->petitions->len; i++) {
		const struct document *d = s->petitions->pdata[i];
		struct petition_rule *rule = &s->list[s->rules.count];

		if (head_value(&d->head, "translation-of").size > 0)
			continue;
		*rule = (struct petition_rule){d->id, span_is(head_value(&d->head, "e-mail"), "yes"), 0};
		(void)text_is_day(head_value(&d->head, "closes"), &rule->closes);
		s->rules.count++;
	}
	s->rules.list = s->list;
}

int
petition_source_begin(struct petition_source *s, const char *path, struct site_fault *fault)
{
	int err;

	*s = (struct petition_source){.folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
	if (s->folder < 0)
		return fault_set(fault, CAIRN_ERR_IO, path, 0, "is no folder that can be opened");
	err = hostile_load(s, fault);
	if (err == CAIRN_OK)
		err = documents_load(&s->petitions, s->folder, "petitions", petition_keys, petition_key_count, fault);
	if (err == CAIRN_OK)
		rules_fill(s);
	return err;
}

void
petition_source_end(struct petition_source *s)
{
	if (s->folder >= 0)
		close(s->folder);
	if (s->petitions != NULL)
		g_ptr_array_free(s->petitions, TRUE);
	if (s->site != NULL)
		g_ptr_array_free(s->site, TRUE);
	g_free(s->list);
}

/* ---- writing ---- */

static bool
write_all(int fd, const GString *text)
{
	size_t done = 0;

	while (done < text->len) {
		ssize_t wrote = write(fd, text->str + done, text->len - done);

		if (wrote <= 0 && errno != EINTR)
			return false;
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	return fsync(fd) == 0;
}

static bool
put(int folder, const char *file, const char *fresh, const GString *text)
{
	int fd = openat(folder, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
	bool good = fd >= 0 && write_all(fd, text);

	if (fd >= 0)
		good = close(fd) == 0 && good;
	good = good && renameat(folder, fresh, folder, file) == 0;
	if (!good && fd >= 0) {
		int was = errno;

		(void)unlinkat(folder, fresh, 0);
		errno = was;
	}
	return good;
}

int
source_put(int folder, const char *file, const GString *text, struct site_fault *fault)
{
	char *within = g_path_get_dirname(file), *fresh = g_strdup_printf("%s.new~", file);
	bool good = strcmp(within, ".") == 0 || mkdirat(folder, within, 0755) == 0 || errno == EEXIST;
	int err = CAIRN_OK;

	good = good && put(folder, file, fresh, text);
	if (!good)
		err = fault_set(fault, errno == ENOSPC ? CAIRN_ERR_SPACE : CAIRN_ERR_IO, file, 0, "%s",
		    strerror(errno));
	g_free(within);
	g_free(fresh);
	return err;
}
