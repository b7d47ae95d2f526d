// SPDX-License-Identifier: GPL-3.0-or-later
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/output.h"
#include "core/note.h"
#include "net/net.h"
#include "site/document.h"
#include "site/log.h"
#include "site/manifest.h"

#define FILE_BYTES_MAX (64U << 20)
#define SHOWN_MAX 20U

struct site_verify_options {
	const char *manifest;
	const char *desk_id;
	const char *site_key;
	const char *proxy;
	bool json;
};

#define S struct site_verify_options
static const struct option_def defs[] = {
    OPTION(TEXT, S, manifest, "manifest", "SHA256",
    "the manifest's hash, as the site's log or the publisher told it"),
    OPTION(TEXT, S, desk_id, "desk-id", "ID", "the desk, 64 hex digits: its log must have the manifest"),
    OPTION(TEXT, S, site_key, "site-key", "KEY", "the key of that log, as the desk's card has it"),
    OPTION(TEXT, S, proxy, "proxy", "URL", "go through this, socks5h://127.0.0.1:9050 for Tor"),
    OPTION(FLAG, S, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table verify_site_options = {defs, sizeof(S)};

/* Where the site is: a folder, or an address. */
struct verifying {
	int folder;
	struct net *net;
	char *kept; /* of the folder's last file */
	size_t files, wrong;
	bool logged;
	uint8_t manifest[CAIRN_SHA256_BYTES];
};

/* A view of a file, good until the next; false: it is not there. */
static bool
get(struct verifying *v, struct cairn_span path, const uint8_t **ret, size_t *ret_bytes)
{
	struct cairn_request request = {.method = "GET", .answer_max = FILE_BYTES_MAX};
	struct net_answer answer;
	struct site_fault fault;
	char name[MANIFEST_PATH_MAX + 1];
	int err;

	(void)snprintf(name, sizeof(name), "%.*s", (int)path.size, path.text);
	if (v->net == NULL) {
		free(v->kept);
		v->kept = source_file(v->folder, name, FILE_BYTES_MAX, ret_bytes, &err, &fault);
		*ret = (const uint8_t *)v->kept;
		return err == CAIRN_OK;
	}
	(void)snprintf(request.path, sizeof(request.path), "%s", name);
	if (net_do(v->net, &request, &answer) != CAIRN_OK || answer.status != 200)
		return false;
	*ret = answer.body;
	*ret_bytes = answer.bytes;
	return true;
}

static void
tell_wrong(struct verifying *v, const char *what, struct cairn_span path)
{
	if (v->wrong++ < SHOWN_MAX)
		complain("%.*s %s", (int)path.size, path.text, what);
}

static void
check_file(struct verifying *v, struct cairn_span path, const uint8_t expected[CAIRN_SHA256_BYTES])
{
	uint8_t hash[CAIRN_SHA256_BYTES];
	const uint8_t *bytes;
	size_t size;

	v->files++;
	if (!get(v, path, &bytes, &size)) {
		tell_wrong(v, "is not there", path);
		return;
	}
	crypto_hash_sha256(hash, bytes, size);
	if (memcmp(hash, expected, sizeof(hash)) != 0)
		tell_wrong(v, "is not as the manifest has it", path);
}

/* Files that stand in no manifest: somebody could have put a page there. The log lies beside the pages. */
static void
find_extra(struct verifying *v, int folder, const char *before, GHashTable *known)
{
	DIR *dir = fdopendir(folder);
	const struct dirent *entry;

	while (dir != NULL && (entry = readdir(dir)) != NULL) {
		char *path = g_strconcat(before, entry->d_name, NULL);
		int below;

		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 && strcmp(path, "log") != 0 &&
		    strcmp(path, MANIFEST_FILE) != 0 && !g_hash_table_contains(known, path)) {
			char *next = g_strconcat(path, "/", NULL);

			below = openat(dirfd(dir), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
			if (below >= 0)
				find_extra(v, below, next, known);
			else
				tell_wrong(v, "stands in no manifest", (struct cairn_span){path, strlen(path)});
			g_free(next);
		}
		g_free(path);
	}
	if (dir != NULL)
		closedir(dir);
}

static int
check_all(struct verifying *v, struct cairn_span text)
{
	GHashTable *known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	uint8_t hash[CAIRN_SHA256_BYTES];
	struct cairn_span path;
	struct manifest m;
	bool more = true;
	int err = manifest_open(&m, text);

	while (err == CAIRN_OK && (err = manifest_next(&m, hash, &path, &more)) == CAIRN_OK && more) {
		check_file(v, path, hash);
		if (v->net == NULL)
			g_hash_table_add(known, g_strndup(path.text, path.size));
	}
	if (err == CAIRN_OK && v->net == NULL)
		find_extra(v, dup(v->folder), "", known);
	g_hash_table_destroy(known);
	return err == CAIRN_OK ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_REFUSED, "the manifest is none");
}

static int
check_manifest(struct verifying *v, const S *o, char **ret_text, size_t *ret_bytes)
{
	static const struct cairn_span name = {MANIFEST_FILE, sizeof(MANIFEST_FILE) - 1};
	uint8_t expected[CAIRN_SHA256_BYTES];
	const uint8_t *bytes;

	if (!get(v, name, &bytes, ret_bytes))
		return fail(CAIRN_EXIT_REFUSED, "there is no manifest: this is no site, or not all of one");
	*ret_text = g_strndup((const char *)bytes, *ret_bytes);
	crypto_hash_sha256(v->manifest, bytes, *ret_bytes);
	if (o->manifest == NULL)
		return CAIRN_EXIT_OK;
	if (text_hex(expected, sizeof(expected), (struct cairn_span){o->manifest, strlen(o->manifest)}) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--manifest wants 64 hex digits");
	if (memcmp(expected, v->manifest, sizeof(expected)) != 0)
		return fail(CAIRN_EXIT_REFUSED, "the manifest is another one: something was changed, or built anew");
	return CAIRN_EXIT_OK;
}

/* ---- the log ---- */

/* One bundle of entries into the tree. *found: the manifest is among them. */
static int
take_bundle(struct cairn_tree *tree, const uint8_t *bytes, size_t size, const uint8_t wanted[SITE_ENTRY_BYTES],
    bool *found)
{
	const uint8_t *entry;
	size_t entry_bytes;
	uint8_t leaf[32];

	while (size > 0) {
		if (cairn_bundle_next(&entry, &entry_bytes, &bytes, &size) != CAIRN_OK)
			return CAIRN_ERR_FORMAT;
		*found = *found || (entry_bytes == SITE_ENTRY_BYTES && memcmp(entry, wanted, SITE_ENTRY_BYTES) == 0);
		cairn_tree_leaf(leaf, entry, entry_bytes);
		if (cairn_tree_append(tree, leaf, 0) != CAIRN_OK)
			return CAIRN_ERR_RANGE;
	}
	return CAIRN_OK;
}

/* All entries again, against the root that is signed. */
static int
check_entries(struct verifying *v, const struct site_checkpoint *checkpoint, const uint8_t wanted[SITE_ENTRY_BYTES],
    bool *found)
{
	char path[CAIRN_TILE_PATH_MAX + 4] = "log/";
	struct cairn_tree tree;
	uint8_t root[32];
	const uint8_t *bytes;
	size_t size;

	cairn_tree_init(&tree);
	for (uint64_t n = 0; n * CAIRN_TILE_WIDTH < checkpoint->size; n++) {
		unsigned width = cairn_tile_width(checkpoint->size, CAIRN_TILE_ENTRIES, n);

		cairn_tile_path(path + 4, CAIRN_TILE_ENTRIES, n, width);
		if (!get(v, (struct cairn_span){path, strlen(path)}, &bytes, &size) ||
		    take_bundle(&tree, bytes, size, wanted, found) != CAIRN_OK)
			return CAIRN_ERR_FORMAT;
	}
	cairn_tree_root(root, &tree);
	return tree.size == checkpoint->size && memcmp(root, checkpoint->root, sizeof(root)) == 0 ? CAIRN_OK :
	    CAIRN_ERR_CRYPTO;
}

static int
check_log(struct verifying *v, const S *o, const char *manifest, size_t manifest_bytes)
{
	static const struct cairn_span path = {"log/checkpoint", 14};
	char name[CAIRN_KEY_NAME_BYTES];
	uint8_t desk_id[CAIRN_HASH_BYTES], entry[SITE_ENTRY_BYTES];
	struct cairn_note_key key = {.type = CAIRN_KEY_ED25519};
	struct site_checkpoint checkpoint;
	const uint8_t *bytes;
	uint64_t signed_by;
	bool found = false;
	size_t size;

	if (o->desk_id == NULL && o->site_key == NULL)
		return CAIRN_EXIT_OK;
	if (o->desk_id == NULL || o->site_key == NULL ||
	    text_hex(desk_id, sizeof(desk_id), (struct cairn_span){o->desk_id, strlen(o->desk_id)}) != CAIRN_OK ||
	    note_key(key.key, (struct cairn_span){o->site_key, strlen(o->site_key)}) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--desk-id wants 64 hex digits, and --site-key a key, both together");
	key.name = cairn_key_name(name, desk_id, "site");
	if (!get(v, path, &bytes, &size) ||
	    site_checkpoint_open(&checkpoint, &signed_by, bytes, size, &key, 1) != CAIRN_OK ||
	    checkpoint.size > SITE_LOG_MAX)
		return fail(CAIRN_EXIT_REFUSED, "there is no log that this key has signed");
	site_entry(entry, SITE_ENTRY_PAGES, manifest, manifest_bytes);
	if (check_entries(v, &checkpoint, entry, &found) != CAIRN_OK)
		return fail(CAIRN_EXIT_REFUSED, "the log's entries are not those that were signed");
	v->logged = found;
	return found ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_REFUSED,
	    "the manifest is not in the desk's log: do not trust it");
}

static int
report(const struct verifying *v, const S *o)
{
	if (o->json &&
	    print_json(json_pack("{s:b,s:b,s:I,s:I,s:o}", "ok", v->wrong == 0, "logged", v->logged, "files",
	    (json_int_t)v->files, "wrong",
		(json_int_t)v->wrong, "manifest", json_hex(v->manifest, sizeof(v->manifest)))) != CAIRN_EXIT_OK)
		return CAIRN_EXIT_STORAGE;
	if (v->wrong > 0)
		return fail(CAIRN_EXIT_REFUSED, "%zu files are wrong", v->wrong);
	if (o->json)
		return CAIRN_EXIT_OK;
	printf("%zu files are as the manifest has them.\nmanifest ", v->files);
	print_hex(stdout, v->manifest, sizeof(v->manifest));
	putchar('\n');
	if (v->logged)
		puts("The manifest is in the log that the desk has signed.");
	else if (o->manifest == NULL)
		puts("Whether the manifest is the desk's own, the hash above tells: compare it with the site's log.");
	return CAIRN_EXIT_OK;
}

static int
begin(struct verifying *v, const S *o, const char *where)
{
	struct net_url url;
	const struct net_options options = {.url = &url, .proxy = o->proxy};

	v->folder = -1;
	if (strncmp(where, "http://", 7) != 0 && strncmp(where, "https://", 8) != 0) {
		v->folder = open(where, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		return v->folder >= 0 ? CAIRN_EXIT_OK : fail(CAIRN_EXIT_STORAGE, "there is no folder %s", where);
	}
	if (net_url_read_site(&url, where) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "that is no address of a site");
	if (net_new(&v->net, &options) != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE,
		    "an onion address needs --proxy socks5h://..., which looks names up itself");
	return CAIRN_EXIT_OK;
}

int
cmd_verify_site(const void *options, int argc, char **argv)
{
	const S *o = options;
	struct verifying v = {0};
	char *text = NULL;
	size_t bytes = 0;
	int code = begin(&v, o, argv[0]);

	(void)argc;
	if (code == CAIRN_EXIT_OK)
		code = check_manifest(&v, o, &text, &bytes);
	if (code == CAIRN_EXIT_OK)
		code = check_log(&v, o, text, bytes);
	if (code == CAIRN_EXIT_OK)
		code = check_all(&v, (struct cairn_span){text, bytes});
	if (code == CAIRN_EXIT_OK)
		code = report(&v, o);
	g_free(text);
	free(v.kept);
	net_free(v.net);
	if (v.folder >= 0)
		close(v.folder);
	return code;
}
