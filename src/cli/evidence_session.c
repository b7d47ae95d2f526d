// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/evidence_session.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "record/evidence_verify.h"
#include "record/together.h"

#define PATH_ROOM 4096U

/* cairn-clean lies beside this program, as built or as installed; NULL: nowhere. */
static const char *
find_cleaner(char path[PATH_ROOM])
{
	static const char *const places[] = {"../clean/cairn-clean", "../libexec/cairn/cairn-clean"};
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	self[length > 0 ? length : 0] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return NULL;
	*slash = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (snprintf(path, PATH_ROOM, "%s/%s", self, places[i]) < (int)PATH_ROOM && access(path, X_OK) == 0)
			return path;
	return NULL;
}

/* So that the log can be checked when the device has left the desk. */
static int
keep_roster(struct evidence_session *s)
{
	uint8_t *note;
	size_t bytes;
	uint64_t serial = 0;
	int err = state_note_get(s->desk.desk->state, "roster", &note, &bytes, &serial);

	if (err == CAIRN_OK && note != NULL)
		err = evidence_keep_roster(s->ev, note, bytes, serial);
	free(note);
	return err;
}

static int
begin(struct evidence_session *s, const char *dir)
{
	struct desk *desk = s->desk.desk;
	static char cleaner[PATH_ROOM]; /* as long as the evidence is open */
	char folder[PATH_ROOM], trouble[EVIDENCE_TROUBLE_MAX] = "";
	struct evidence_options options = {.db = desk->state,
	    .erasure = erasure_of(desk->state),
	    .folder = folder,
	    .sign_secret = desk->self.sign_secret,
	    .cleaner = find_cleaner(cleaner),
	    .sink = record_evidence_sink,
	    .sink_arg = desk};
	int err;

	memcpy(options.desk_id, desk->self.desk_id, sizeof(options.desk_id));
	memcpy(options.device, desk->self.device_id, sizeof(options.device));
	if (snprintf(folder, sizeof(folder), "%s/%s", dir, EVIDENCE_FOLDER) >= (int)sizeof(folder))
		return fail(CAIRN_EXIT_USAGE, "the desk's folder has too long a name");
	err = evidence_open(&s->ev, &options, trouble);
	if (err == CAIRN_OK)
		err = keep_roster(s);
	if (err == CAIRN_OK)
		return CAIRN_EXIT_OK;
	return fail(CAIRN_EXIT_STORAGE, "%s", trouble[0] == '\0' ? cairn_strerror(err) : trouble);
}

int
evidence_session_begin(struct evidence_session *s, const struct desk_options *options)
{
	int code;

	memset(s, 0, sizeof(*s));
	code = desk_session_begin(&s->desk, options);
	return code == CAIRN_EXIT_OK ? begin(s, desk_folder(options)) : code;
}

void
evidence_session_end(struct evidence_session *s)
{
	evidence_close(s->ev);
	desk_session_end(&s->desk);
	memset(s, 0, sizeof(*s));
}

int
evidence_fail(const struct evidence *ev, int err)
{
	int code = err == CAIRN_ERR_IO || err == CAIRN_ERR_SPACE ? CAIRN_EXIT_STORAGE : exit_for(err);

	if (err == CAIRN_ERR_FORMAT || err == CAIRN_ERR_RANGE || err == CAIRN_ERR_UNKNOWN ||
	    err == CAIRN_ERR_CONFLICT)
		code = CAIRN_EXIT_REFUSED;
	return fail(code, "%s", ev->trouble[0] == '\0' ? cairn_strerror(err) : ev->trouble);
}

int
evidence_session_item(struct evidence_session *s, struct evidence_item *item, const char *id)
{
	int err = evidence_find(s->ev, item, (struct cairn_span){id, strlen(id)});

	return err == CAIRN_OK ? CAIRN_EXIT_OK : evidence_fail(s->ev, err);
}

/* --- showing --- */

static const struct {
	enum evidence_field field;
	const char *word;
	enum { SHOW_TEXT, SHOW_HEX, SHOW_NUMBER } how;
} shown[] = {
    {EVIDENCE_FIELD_SHA256, "SHA-256", SHOW_HEX},
    {EVIDENCE_FIELD_BLAKE2B, "BLAKE2b-256", SHOW_HEX},
    {EVIDENCE_FIELD_SIZE, "bytes", SHOW_NUMBER},
    {EVIDENCE_FIELD_MEDIA, "kind", SHOW_TEXT},
    {EVIDENCE_FIELD_SOURCE, "made of item", SHOW_HEX},
    {EVIDENCE_FIELD_SOURCE_SHA256, "its SHA-256", SHOW_HEX},
    {EVIDENCE_FIELD_COPY, "copy is item", SHOW_HEX},
    {EVIDENCE_FIELD_COPY_SHA256, "its SHA-256", SHOW_HEX},
    {EVIDENCE_FIELD_METHOD, "how", SHOW_TEXT},
    {EVIDENCE_FIELD_PARTY, "who", SHOW_TEXT},
    {EVIDENCE_FIELD_NOTE, "note", SHOW_TEXT},
    {EVIDENCE_FIELD_STAMPED_ENTRY, "of line", SHOW_HEX},
    {EVIDENCE_FIELD_ROOT, "under root", SHOW_HEX},
};

static void
print_field(FILE *out, size_t i, struct cairn_span value, const char *indent)
{
	fprintf(out, "%s     %s: ", indent, shown[i].word);
	if (shown[i].how == SHOW_TEXT)
		safe_inline(out, value);
	else if (shown[i].how == SHOW_HEX)
		print_hex(out, (const uint8_t *)value.text, value.size);
	else
		fprintf(out, "%llu", (unsigned long long)get_u64((const uint8_t *)value.text));
	fputc('\n', out);
}

void
evidence_print_entry(FILE *out, size_t number, const struct evidence_entry *entry, const char *indent)
{
	char when[EVIDENCE_WHEN_BYTES];

	fprintf(out, "%s%3zu  %s  %s, by device ", indent, number, evidence_when(when, entry->at),
	    evidence_action_word(entry->action));
	print_hex(out, entry->device, 4);
	fputc('\n', out);
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (evidence_has(entry, shown[i].field))
			print_field(out, i, entry->fields[shown[i].field], indent);
}

void
evidence_print_id(const uint8_t id[EVIDENCE_ITEM_BYTES])
{
	print_hex(stdout, id, EVIDENCE_ITEM_BYTES);
	putchar('\n');
}

int
evidence_to_file(void *arg, const uint8_t *bytes, size_t size)
{
	return fwrite(bytes, 1, size, arg) == size ? CAIRN_OK : CAIRN_ERR_SPACE;
}

FILE *
evidence_new_file(const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "wb");

	if (out == NULL)
		complain("%s: %s", path, strerror(errno));
	return out;
}
