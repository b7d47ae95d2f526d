// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "net/letters.h"
#include "cli/media_type.h"
#include "cli/output.h"
#include "cli/person.h"
#include "cli/progress.h"
#include "cli/secret.h"
#include "net/drive.h"

#define MANIFEST_MAX 203U

struct attach_options {
	struct reach_options reach;
	int passphrase_fd;
	const char *type;
	const char *receipt;
	bool json;
};

#define A struct attach_options
static const struct option_def defs[] = {
    REACH_OPTIONS(A, reach),
    OPTION(FD, A, passphrase_fd, "passphrase-fd", "N", "read the passphrase from this open file"),
    OPTION(TEXT, A, type, "type", "TYPE", "media type, where the file's name does not tell: image/jpeg"),
    OPTION(TEXT, A, receipt, "receipt", "FILE", "save the relay's receipt (the file tells that something was sent)"),
    OPTION(FLAG, A, json, "json", "", "print one JSON object"),
    OPTIONS_END,
};
const struct option_table person_attach_options = {defs, sizeof(A)};

struct attaching {
	int fd;
	uint64_t size;
	const char *type;
	struct cairn_attach *attach;
	struct letters *letters;
	struct progress progress;
};

/* ---- the file ---- */

static int
open_file(struct attaching *a, const char *path)
{
	struct stat st;

	a->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (a->fd < 0 || fstat(a->fd, &st) != 0)
		return fail(CAIRN_EXIT_STORAGE, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(CAIRN_EXIT_USAGE, "%s is no regular file", path);
	a->size = (uint64_t)st.st_size;
	if (a->size == 0)
		return fail(CAIRN_EXIT_USAGE, "%s is empty", path);
	if (a->size > CAIRN_FILE_SIZE_MAX)
		return fail(CAIRN_EXIT_USAGE, "%s is larger than %u MiB", path, CAIRN_FILE_SIZE_MAX >> 20);
	return CAIRN_EXIT_OK;
}

static size_t
read_piece(void *arg, uint8_t *piece, uint64_t offset, size_t want)
{
	const struct attaching *a = arg;
	size_t used = 0;

	while (used < want) {
		ssize_t got = pread(a->fd, piece + used, want - used, (off_t)(offset + used));

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		used += (size_t)got;
	}
	return used;
}

/* ---- the blobs, then the letter that tells of them ---- */

static void
on_step(void *arg)
{
	struct attaching *a = arg;

	progress_at(&a->progress, a->attach->sent);
}

static int
send_blobs(struct attaching *a, struct person *person)
{
	struct net_watch watch = {on_step, a};
	uint8_t entropy[32];
	int err;

	randombytes_buf(entropy, sizeof(entropy));
	err = cairn_attach_init(a->attach, CAIRN_DOOR_INTAKE, a->size,
	    (struct cairn_span){a->type, strlen(a->type)}, entropy);
	sodium_memzero(entropy, sizeof(entropy));
	if (err != CAIRN_OK)
		return fail(CAIRN_EXIT_USAGE, "--type wants a media type of 3 to %u bytes", CAIRN_MEDIA_TYPE_MAX);
	progress_begin(&a->progress, "sending pieces of 256 KiB", a->attach->manifest.count);
	err = net_attach(person->reach.net, a->attach, read_piece, a, &watch);
	progress_end(&a->progress);
	if (err == CAIRN_ERR_IO)
		return fail(CAIRN_EXIT_NETWORK, "the file did not get through: %u of %u pieces did (%s)",
		    a->attach->sent, a->attach->manifest.count, net_why(person->reach.net));
	return err == CAIRN_OK ? CAIRN_EXIT_OK : reach_fail(&person->reach, NULL, err);
}

static int
send_manifest(struct attaching *a, struct person *person, const A *o)
{
	struct cairn_send *send;
	uint8_t value[MANIFEST_MAX];
	size_t bytes = 0;
	int err = cairn_manifest_write(value, &bytes, &a->attach->manifest);
	int code;

	letters_begin(a->letters);
	letters_put(a->letters, CAIRN_TLV_file, value, bytes);
	sodium_memzero(value, sizeof(value));
	if (err != CAIRN_OK || letters_end(a->letters, person->reach.client.hour / 24) != CAIRN_OK)
		return fail(CAIRN_EXIT_INTERNAL, "the file's description is not well-formed");
	code = person_send(person, a->letters->list, a->letters->count, &send);
	if (code != CAIRN_EXIT_OK)
		return code;
	code = person_report(person, send, a->letters->list, o->receipt, o->json);
	secret_free(send);
	return code;
}

static int
run(struct attaching *a, struct person *person, const A *o)
{
	int code;

	a->attach = secret_new(sizeof(*a->attach));
	a->letters = secret_new(sizeof(*a->letters));
	if (a->attach == NULL || a->letters == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	code = person_check_desk(person);
	if (code == CAIRN_EXIT_OK)
		code = send_blobs(a, person);
	if (code == CAIRN_EXIT_OK)
		code = send_manifest(a, person, o);
	return code;
}

int
cmd_person_attach(const void *options, int argc, char **argv)
{
	const A *o = options;
	struct attaching a = {.fd = -1};
	struct person *person = NULL;
	struct cairn_passphrase pass;
	int code;

	(void)argc;
	if (o->reach.desk == NULL)
		return fail(CAIRN_EXIT_USAGE, "which desk? Give --desk with the address that it gave out");
	code = open_file(&a, argv[0]);
	a.type = o->type == NULL ? media_type_of(argv[0]) : o->type;
	if (code == CAIRN_EXIT_OK) {
		remark("The file is sent as it is: what it says of the place, the device and the time it was "
		       "made is not taken out of it. Its name is not sent.");
		code = ask_passphrase(&pass, o->passphrase_fd, "Passphrase");
	}
	if (code == CAIRN_EXIT_OK)
		code = person_new(&person, &o->reach, &pass);
	if (code == CAIRN_EXIT_OK)
		code = run(&a, person, o);
	person_free(person);
	secret_free(a.letters);
	secret_free(a.attach);
	if (a.fd >= 0)
		(void)close(a.fd);
	return code;
}
