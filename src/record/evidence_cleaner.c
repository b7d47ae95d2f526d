// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_cleaner.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/writer.h"

#define FIRST_FREE_FD 16 /* above those that the program is given */

static const char unknown_media[] = "application/octet-stream";

/* Open only where the program is to have it, and gone with the last that holds it. */
struct cleaner_files {
	int job;
	int in;
	int out;
};

static int
memory_file(void)
{
	int low = memfd_create("evidence", MFD_CLOEXEC);
	int fd = low < 0 ? -1 : fcntl(low, F_DUPFD_CLOEXEC, FIRST_FREE_FD);

	if (low >= 0)
		close(low);
	return fd;
}

static void
files_close(struct cleaner_files *f)
{
	int *all[] = {&f->job, &f->in, &f->out};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (*all[i] >= 0)
			close(*all[i]);
		*all[i] = -1;
	}
}

static int
files_open(struct cleaner_files *f)
{
	f->job = memory_file();
	f->in = memory_file();
	f->out = memory_file();
	if (f->job >= 0 && f->in >= 0 && f->out >= 0)
		return CAIRN_OK;
	files_close(f);
	return CAIRN_ERR_NOMEM;
}

static int
put_all(void *arg, const uint8_t *bytes, size_t size)
{
	int fd = *(const int *)arg;

	while (size > 0) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return CAIRN_ERR_NOMEM;
		bytes += n;
		size -= (size_t)n;
	}
	return CAIRN_OK;
}

static int
put_job(int fd, const struct evidence_clean_job *job, const char *media)
{
	uint8_t bytes[CLEAN_JOB_MAX];
	struct writer w;

	writer_init(&w, bytes, sizeof(bytes));
	write_u8(&w, (uint8_t)job->task);
	write_u8(&w, job->keep_lengths);
	write_u8(&w, (uint8_t)strlen(media));
	write_text(&w, media);
	write_u32(&w, (uint32_t)job->count);
	for (size_t i = 0; i < job->count; i++) {
		write_u32(&w, job->boxes[i].page);
		write_u32(&w, job->boxes[i].left);
		write_u32(&w, job->boxes[i].top);
		write_u32(&w, job->boxes[i].width);
		write_u32(&w, job->boxes[i].height);
	}
	return w.failed ? CAIRN_ERR_RANGE : put_all(&fd, bytes, w.used);
}

/* --- the process --- */

/* In the child. Nothing of this program goes along: no environment, no file but the three. */
static void
become(const char *program, const struct cleaner_files *f)
{
	static char locale[] = "LC_ALL=C.UTF-8", home[] = "HOME=/nonexistent", name[] = "cairn-clean";
	char *const environment[] = {locale, home, NULL};
	char *const args[] = {name, NULL};
	int null = open("/dev/null", O_RDWR);

	for (int fd = 0; fd < 3; fd++)
		if (dup2(null, fd) < 0)
			_exit(126);
	if (dup2(f->job, CLEAN_JOB_FD) < 0 || dup2(f->in, CLEAN_IN_FD) < 0 || dup2(f->out, CLEAN_OUT_FD) < 0)
		_exit(126);
	/* 3 to 5 stay; the rest, also what a library opened without the flag, closes. */
	if (syscall(SYS_close_range, CLEAN_OUT_FD + 1, ~0U, 0) != 0)
		_exit(126);
	execve(program, args, environment);
	_exit(127);
}

/* Its exit code; -1 when it was ended by a signal, or took too long. */
static int
wait_for(pid_t pid)
{
	int handle = (int)syscall(SYS_pidfd_open, pid, 0), status, code = -1;
	struct pollfd p = {.fd = handle, .events = POLLIN};
	int ready;

	do
		ready = poll(&p, 1, (int)CLEAN_SECONDS * 1000);
	while (ready < 0 && errno == EINTR);
	if (ready != 1)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	if (handle >= 0)
		close(handle);
	if (ready == 1 && WIFEXITED(status))
		code = WEXITSTATUS(status);
	return code;
}

static int
run(struct evidence *ev, const struct cleaner_files *f)
{
	pid_t pid;

	if (lseek(f->job, 0, SEEK_SET) != 0 || lseek(f->in, 0, SEEK_SET) != 0)
		return -1;
	pid = fork();
	if (pid == 0)
		become(ev->options.cleaner, f);
	return pid < 0 ? CLEAN_FAILED : wait_for(pid);
}

static int
told(struct evidence *ev, int code)
{
	switch (code) {
	case CLEAN_DONE:
		return CAIRN_OK;
	case CLEAN_BROKEN:
		return evidence_trouble(ev, CAIRN_ERR_FORMAT,
		    "the content is damaged, or not what it seems to be: no copy can be made of it");
	case CLEAN_TOO_LARGE:
		return evidence_trouble(
		    ev, CAIRN_ERR_RANGE, "it is too large to be copied: at most 256 MiB, 512 pages");
	case CLEAN_OUTSIDE:
		return evidence_trouble(ev, CAIRN_ERR_RANGE, "a region reaches beyond the picture, page or text");
	case CLEAN_UNKNOWN:
		return evidence_trouble(ev, CAIRN_ERR_FORMAT, "this kind of content cannot be cleaned");
	case CLEAN_UNCONFINED:
		return evidence_trouble(ev, CAIRN_ERR_DENIED,
		    "this kernel cannot confine what reads strangers' files (seccomp): nothing was read");
	case 126:
	case 127:
		return evidence_trouble(ev, CAIRN_ERR_DENIED, "%s cannot be run", ev->options.cleaner);
	default:
		return evidence_trouble(ev, CAIRN_ERR_FORMAT,
		    "the content made its reader fail; it may be hostile. No copy was made, and nothing else "
		    "happened");
	}
}

/* --- what kind it is --- */

static bool
is_media(const char *text, size_t size)
{
	size_t slashes = 0;

	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\0' ||
		    strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-/", text[i]) == NULL)
			return false;
		slashes += text[i] == '/';
	}
	return size >= 3 && slashes == 1 && text[0] != '/' && text[size - 1] != '/';
}

void
evidence_cleaner_type(struct evidence *ev, struct cairn_span head, char media[EVIDENCE_MEDIA_MAX])
{
	struct evidence_clean_job job = {.task = CLEAN_TYPE};
	struct cleaner_files f = {-1, -1, -1};
	char answer[EVIDENCE_MEDIA_MAX];
	ssize_t n = 0;

	snprintf(media, EVIDENCE_MEDIA_MAX, "%s", unknown_media);
	if (ev->options.cleaner == NULL || files_open(&f) != CAIRN_OK)
		return;
	if (put_job(f.job, &job, "") == CAIRN_OK &&
	    put_all(&f.in, (const uint8_t *)head.text, head.size) == CAIRN_OK && run(ev, &f) == CLEAN_DONE)
		n = pread(f.out, answer, sizeof(answer), 0);
	if (n > 0 && (size_t)n < sizeof(answer) && is_media(answer, (size_t)n))
		snprintf(media, EVIDENCE_MEDIA_MAX, "%.*s", (int)n, answer);
	files_close(&f);
}

/* --- copies --- */

int
evidence_cleaner_run(struct evidence *ev, const struct evidence_item *item, const struct evidence_clean_job *job,
    int *ret_fd, enum clean_kind *ret_kind)
{
	struct cleaner_files f = {-1, -1, -1};
	uint8_t kind = 0;
	int err;

	*ret_fd = -1;
	ev->trouble[0] = '\0';
	if (ev->options.cleaner == NULL)
		return evidence_trouble(
		    ev, CAIRN_ERR_DENIED, "cairn-clean, which reads strangers' files, is not installed");
	if (item->size > CLEAN_IN_MAX || job->count > CLEAN_BOXES_MAX)
		return told(ev, CLEAN_TOO_LARGE);
	err = files_open(&f);
	if (err == CAIRN_OK)
		err = put_job(f.job, job, item->media);
	if (err == CAIRN_OK)
		err = evidence_content(ev, item, put_all, &f.in);
	if (err == CAIRN_OK)
		err = told(ev, run(ev, &f));
	if (err == CAIRN_OK && (pread(f.out, &kind, 1, 0) != 1 || evidence_kind_media((enum clean_kind)kind) == NULL))
		err = told(ev, CLEAN_FAILED);
	if (err == CAIRN_OK) {
		*ret_kind = (enum clean_kind)kind;
		*ret_fd = f.out;
		f.out = -1;
	}
	files_close(&f);
	return evidence_state_trouble(ev, err);
}

const char *
evidence_kind_media(enum clean_kind kind)
{
	switch (kind) {
	case CLEAN_JPEG:
		return "image/jpeg";
	case CLEAN_PNG:
		return "image/png";
	case CLEAN_PDF:
		return "application/pdf";
	case CLEAN_TEXT:
		return "text/plain";
	}
	return NULL;
}

#define ARCHIVE \
	"an archive is a heap of files: unpack it on a machine that holds nothing else, and add them one by one"
#define OFFICE "an office document carries names, dates and what was deleted: print it to PDF, and add that"

/* Media types, or the beginnings of some, in front of those that are shorter. */
static const struct {
	const char *media;
	const char *why; /* NULL: it can be cleaned */
} cleanable[] = {
    {"image/jpeg", NULL},
    {"image/png", NULL},
    {"image/gif", NULL},
    {"image/webp", NULL},
    {"image/tiff", NULL},
    {"application/pdf", NULL},
    {"text/plain", NULL},
    {"image/svg", "an SVG picture is a program as much as a picture: make a picture of how it looks, and add that"},
    {"image/",
	"this kind of picture has no reader that is well enough kept: convert it to PNG or JPEG on a machine "
	"that holds nothing else, and add that too"},
    {"video/",
	"a film carries place, time and device in many layers that no program takes out with certainty: show "
	"it, take still pictures of it, but give it to nobody who must not know where it comes from"},
    {"audio/", "a recording carries data on device and time, and a voice is a name: have it typed, and use the text"},
    {"text/", "a text with markup may carry names, links and what was deleted: save it as plain text, and add that"},
    {"message/", "a letter carries addresses and the way it took in its head: copy its words into a plain text"},
    {"application/zip", ARCHIVE},
    {"application/gzip", ARCHIVE},
    {"application/x-tar", ARCHIVE},
    {"application/x-7z", ARCHIVE},
    {"application/x-rar", ARCHIVE},
    {"application/vnd.openxmlformats", OFFICE},
    {"application/vnd.oasis", OFFICE},
    {"application/vnd.ms-", OFFICE},
    {"application/msword", OFFICE},
    {"",
	"nothing here knows what this file carries beside what it shows: it can be kept as evidence, and not be "
	"cleaned"},
};

const char *
evidence_not_cleanable(const char *media)
{
	for (size_t i = 0; i < sizeof(cleanable) / sizeof(cleanable[0]); i++)
		if (strncmp(media, cleanable[i].media, strlen(cleanable[i].media)) == 0)
			return cleanable[i].why;
	return NULL;
}
