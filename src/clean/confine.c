// SPDX-License-Identifier: GPL-3.0-or-later
#include "clean/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/clean_wire.h"

#define ALL_OF_THE_FIRST ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)
#define MEMORY_MAX (UINT64_C(3) << 30)
#define DESCRIPTORS_MAX 64

/* What decoders of pictures need: memory, threads, time, and the three files that are open. */
static const int allowed[] = {
    SCMP_SYS(brk),
    SCMP_SYS(clock_getres),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(fcntl),
    SCMP_SYS(fstat),
    SCMP_SYS(futex),
    SCMP_SYS(getpid),
    SCMP_SYS(getrandom),
    SCMP_SYS(getrusage),
    SCMP_SYS(gettid),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(lseek),
    SCMP_SYS(madvise),
    SCMP_SYS(mmap),
    SCMP_SYS(mprotect),
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(nanosleep),
    SCMP_SYS(newfstatat) /* is fstat */,
    SCMP_SYS(pread64),
    SCMP_SYS(prctl),
    SCMP_SYS(read),
    SCMP_SYS(readv),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(sysinfo),
    SCMP_SYS(tgkill),
    SCMP_SYS(write),
    SCMP_SYS(writev),
};

/* Beside them, to find and read a font; only where Landlock says which files there are. */
static const int for_fonts[] = {
    SCMP_SYS(access),
    SCMP_SYS(faccessat),
    SCMP_SYS(faccessat2),
    SCMP_SYS(fstatfs),
    SCMP_SYS(getdents64),
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(readlink),
    SCMP_SYS(readlinkat),
    SCMP_SYS(stat),
    SCMP_SYS(statfs),
    SCMP_SYS(statx),
};

static const char *const font_folders[] = {
    "/usr/share", "/usr/lib", "/usr/local/share/fonts", "/etc/fonts", "/var/cache/fontconfig"};

static int
allow_folder(int rules, const char *path)
{
	struct landlock_path_beneath_attr beneath = {
	    .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR};
	int err;

	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return errno == ENOENT ? 0 : -1;
	err = (int)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	close(beneath.parent_fd);
	return err;
}

static int
few_files(bool fonts)
{
	struct landlock_ruleset_attr handled = {.handled_access_fs = ALL_OF_THE_FIRST};
	int rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
	int err = 0;

	if (rules < 0)
		return -1;
	for (size_t i = 0; fonts && err == 0 && i < sizeof(font_folders) / sizeof(font_folders[0]); i++)
		err = allow_folder(rules, font_folders[i]);
	if (err == 0)
		err = (int)syscall(SYS_landlock_restrict_self, rules, 0);
	close(rules);
	return err;
}

static int
allow_all(scmp_filter_ctx filter, const int *calls, size_t count)
{
	int err = 0;

	for (size_t i = 0; err == 0 && i < count; i++)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0);
	return err;
}

/* Threads may be made, processes not. clone3 hides its flags, so the C library is told to take clone. */
static int
allow_threads(scmp_filter_ctx filter)
{
	int err = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);

	if (err == 0)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
	return err;
}

static int
few_calls(bool fonts)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err = filter == NULL ? -1 : 0;

	if (err == 0)
		err = allow_all(filter, allowed, sizeof(allowed) / sizeof(allowed[0]));
	if (err == 0 && fonts)
		err = allow_all(filter, for_fonts, sizeof(for_fonts) / sizeof(for_fonts[0]));
	if (err == 0)
		err = allow_threads(filter);
	if (err == 0)
		err = seccomp_load(filter);
	seccomp_release(filter);
	return err;
}

static int
limit(int what, uint64_t most)
{
	const struct rlimit l = {most, most};

	return setrlimit(what, &l);
}

int
clean_confine(bool fonts)
{
	bool files;

#ifdef CLEAN_SANITIZED
	return CAIRN_OK;
#endif
	if (limit(RLIMIT_CORE, 0) != 0 || limit(RLIMIT_AS, MEMORY_MAX) != 0 ||
	    limit(RLIMIT_CPU, CLEAN_SECONDS) != 0 || limit(RLIMIT_FSIZE, CLEAN_OUT_MAX) != 0 ||
	    limit(RLIMIT_NOFILE, DESCRIPTORS_MAX) != 0)
		return CAIRN_ERR_DENIED;
	if (prctl(PR_SET_DUMPABLE, 0) != 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return CAIRN_ERR_DENIED;
	files = few_files(fonts) == 0;
	return few_calls(fonts && files) == 0 ? CAIRN_OK : CAIRN_ERR_DENIED;
}
