// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/file.h"
#include "cli/output.h"
#include "cli/safe.h"
#include "record/evidence_verify.h"
#include "record/stamping.h"

struct verify_options {
	const char *desk_id;
	const char *tsa_ca;
	const char *content;
	bool json;
};

#define V struct verify_options
static const struct option_def defs[] = {
    OPTION(TEXT, V, desk_id, "desk-id", "ID", "the desk whose log it must be, 64 hex digits"),
    OPTION(TEXT, V, tsa_ca, "tsa-ca", "FILE", "root certificates of time-stamping authorities, PEM"),
    OPTION(TEXT, V, content, "content", "FILE", "the content, where it does not lie beside the log"),
    OPTION(FLAG, V, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table verify_evidence_options = {defs, sizeof(V)};

#define PATH_ROOM 4096U

static const char *const words[] = {
    [EVIDENCE_HOLDS] = "holds",
    [EVIDENCE_BROKEN] = "DOES NOT HOLD",
    [EVIDENCE_UNCHECKED] = "not checked",
    [EVIDENCE_REMARK] = "note",
};

static void
say_words(void *arg, enum evidence_finding finding, const char *sentence)
{
	(void)arg;
	printf("%-14s ", words[finding]);
	safe_inline(stdout, (struct cairn_span){sentence, strlen(sentence)});
	putchar('\n');
}

static void
say_json(void *arg, enum evidence_finding finding, const char *sentence)
{
	json_array_append_new(
	    arg, json_pack("{s:s,s:s%}", "finding", words[finding], "sentence", sentence, strlen(sentence)));
}

static int
read_file(uint8_t **ret, size_t *ret_bytes, const char *path)
{
	FILE *in = fopen(path, "rbe");
	struct stat st;
	int code = CAIRN_EXIT_OK;

	*ret = NULL;
	if (in == NULL || fstat(fileno(in), &st) != 0) {
		code = fail(CAIRN_EXIT_STORAGE, "%s: %s", path, strerror(errno));
	} else if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size > EVIDENCE_BUNDLE_MAX) {
		code = fail(CAIRN_EXIT_REFUSED, "%s is not a custody log", path);
	} else {
		*ret_bytes = (size_t)st.st_size;
		*ret = malloc(*ret_bytes + 1);
		if (*ret == NULL)
			code = fail(CAIRN_EXIT_MEMORY, "out of memory");
		else if (fread(*ret, 1, *ret_bytes, in) != *ret_bytes)
			code = fail(CAIRN_EXIT_STORAGE, "%s cannot be read", path);
	}
	if (in != NULL)
		fclose(in);
	return code;
}

static int
read_content(void *arg, uint8_t *out, size_t room, size_t *ret_bytes)
{
	*ret_bytes = fread(out, 1, room, arg);
	return ferror((FILE *)arg) == 0 ? CAIRN_OK : CAIRN_ERR_IO;
}

static int
verify(const struct evidence_bundle *bundle, struct evidence_verify_options *options, bool json)
{
	json_t *findings = json ? json_array() : NULL;
	struct evidence_verdict verdict;
	int err;

	options->say = json ? say_json : say_words;
	options->say_arg = findings;
	err = evidence_verify(&verdict, bundle, options);
	if (err != CAIRN_OK) {
		json_decref(findings);
		return fail(exit_for(err), "%s", cairn_strerror(err));
	}
	if (json)
		(void)print_json(json_pack("{s:b,s:o,s:I,s:I,s:I,s:I,s:o}", "ok", verdict.broken == 0, "item",
		    json_hex(bundle->item, EVIDENCE_ITEM_BYTES), "entries", (json_int_t)verdict.entries, "stamped",
		    (json_int_t)verdict.stamped, "broken", (json_int_t)verdict.broken, "unchecked",
		    (json_int_t)verdict.unchecked, "findings", findings));
	if (verdict.broken > 0)
		return fail(CAIRN_EXIT_REFUSED, "%zu thing%s do%s not hold", verdict.broken,
		    verdict.broken == 1 ? "" : "s", verdict.broken == 1 ? "es" : "");
	if (verdict.unchecked > 0)
		remark("What was checked holds; what was not is said above.");
	return CAIRN_EXIT_OK;
}

/* A folder, as exported, or the log alone. */
static void
find_files(char custody[PATH_ROOM], char content[PATH_ROOM], const char *path, const V *o)
{
	struct stat st;
	bool folder = stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	snprintf(custody, PATH_ROOM, folder ? "%s/custody" : "%s", path);
	content[0] = '\0';
	if (o->content != NULL)
		snprintf(content, PATH_ROOM, "%s", o->content);
	else if (folder && snprintf(content, PATH_ROOM, "%s/content", path) < (int)PATH_ROOM &&
	    stat(content, &st) != 0)
		content[0] = '\0';
}

static int
verify_files(const char *custody, const char *content, struct evidence_verify_options *options, bool json)
{
	struct evidence_bundle bundle = {0};
	uint8_t *bytes = NULL;
	size_t size = 0;
	FILE *in = content[0] == '\0' ? NULL : fopen(content, "rbe");
	int code = CAIRN_EXIT_OK;

	if (content[0] != '\0' && in == NULL)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", content, strerror(errno));
	code = read_file(&bytes, &size, custody);
	if (code == CAIRN_EXIT_OK && evidence_bundle_read(&bundle, bytes, size) != CAIRN_OK)
		code = fail(CAIRN_EXIT_REFUSED, "%s is not a custody log, or was damaged", custody);
	options->content = in == NULL ? NULL : read_content;
	options->content_arg = in;
	if (code == CAIRN_EXIT_OK)
		code = verify(&bundle, options, json);
	evidence_bundle_free(&bundle);
	free(bytes);
	if (in != NULL)
		fclose(in);
	return code;
}

int
cmd_verify_evidence(const void *options, int argc, char **argv)
{
	const V *o = options;
	struct evidence_verify_options verify_options = {.desk_id = NULL};
	uint8_t *ca = NULL;
	int code = CAIRN_EXIT_OK;
	char custody[PATH_ROOM], content[PATH_ROOM];
	uint8_t desk_id[CAIRN_HASH_BYTES];

	(void)argc;
	if (o->desk_id != NULL) {
		if (text_hex(desk_id, sizeof(desk_id), (struct cairn_span){o->desk_id, strlen(o->desk_id)}) !=
		    CAIRN_OK)
			return fail(CAIRN_EXIT_USAGE, "--desk-id wants 64 hex digits");
		verify_options.desk_id = desk_id;
	}
	find_files(custody, content, argv[0], o);
	if (o->tsa_ca != NULL)
		code = file_load(o->tsa_ca, STAMPING_CA_MAX, &ca, &verify_options.ca.size);
	verify_options.ca.text = (const char *)ca;
	if (code == CAIRN_EXIT_OK)
		code = verify_files(custody, content, &verify_options, o->json);
	free(ca);
	return code;
}
