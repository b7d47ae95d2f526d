// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <sodium.h>

#include "relay/files.h"
#include "relay/log.h"
#include "relay/test_options.h"

#define DESCRIPTORS_BESIDE 512U

/* Debian 12's header ends at the second of Landlock's versions. */
#ifndef LANDLOCK_ACCESS_FS_REFER
#define LANDLOCK_ACCESS_FS_REFER (1ULL << 13)
#endif
#ifndef LANDLOCK_ACCESS_FS_TRUNCATE
#define LANDLOCK_ACCESS_FS_TRUNCATE (1ULL << 14)
#endif

static const uint64_t read_file = LANDLOCK_ACCESS_FS_READ_FILE;
static const uint64_t all_before_refer = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;
static const uint64_t data_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR |
    LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REFER |
    LANDLOCK_ACCESS_FS_TRUNCATE;

/* Not connect, not execve, not ptrace, not socket, not mount: a server that is taken over stays where it is. */
static const int allowed[] = {
	SCMP_SYS(accept4), SCMP_SYS(access), SCMP_SYS(brk), SCMP_SYS(clock_gettime), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clone), SCMP_SYS(clone3), SCMP_SYS(close), SCMP_SYS(dup), SCMP_SYS(epoll_create1),
	SCMP_SYS(epoll_ctl), SCMP_SYS(epoll_pwait), SCMP_SYS(epoll_wait), SCMP_SYS(eventfd2), SCMP_SYS(exit),
	SCMP_SYS(exit_group), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(fallocate), SCMP_SYS(fchmod),
	SCMP_SYS(fchown), SCMP_SYS(fcntl), SCMP_SYS(fdatasync), SCMP_SYS(flock), SCMP_SYS(fstat),
	SCMP_SYS(fstatfs), SCMP_SYS(fsync), SCMP_SYS(ftruncate), SCMP_SYS(futex), SCMP_SYS(getcwd),
	SCMP_SYS(getdents64), SCMP_SYS(geteuid), SCMP_SYS(getpeername), SCMP_SYS(getpid), SCMP_SYS(getrandom),
	SCMP_SYS(getsockname), SCMP_SYS(getsockopt), SCMP_SYS(gettid), SCMP_SYS(gettimeofday), SCMP_SYS(getuid),
	SCMP_SYS(lseek), SCMP_SYS(lstat), SCMP_SYS(madvise), SCMP_SYS(membarrier), SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat), SCMP_SYS(mlock), SCMP_SYS(mmap), SCMP_SYS(mprotect), SCMP_SYS(mremap),
	SCMP_SYS(munlock), SCMP_SYS(munmap), SCMP_SYS(nanosleep), SCMP_SYS(newfstatat), SCMP_SYS(openat),
	SCMP_SYS(pipe2), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(pread64), SCMP_SYS(prlimit64),
	SCMP_SYS(pwrite64), SCMP_SYS(read), SCMP_SYS(readlink), SCMP_SYS(readv), SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg), SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2), SCMP_SYS(restart_syscall),
	SCMP_SYS(rmdir), SCMP_SYS(rseq), SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigtimedwait), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_yield),
	SCMP_SYS(sendfile), SCMP_SYS(sendmsg), SCMP_SYS(sendto), SCMP_SYS(set_robust_list),
	SCMP_SYS(setsockopt), SCMP_SYS(shutdown), SCMP_SYS(sigaltstack), SCMP_SYS(stat), SCMP_SYS(statfs),
	SCMP_SYS(statx), SCMP_SYS(sysinfo), SCMP_SYS(tgkill), SCMP_SYS(uname), SCMP_SYS(unlink),
	SCMP_SYS(unlinkat), SCMP_SYS(utimensat), SCMP_SYS(write), SCMP_SYS(writev),
};

/* --- at the start --- */

static int
check_memory_lock(void)
{
	uint8_t *page = sodium_malloc(64);
	/* sodium_malloc() goes on when locking fails: so it is asked for once by itself. */
	int locked = page == NULL ? -1 : sodium_mlock(page, 64);

	if (page != NULL && locked == 0)
		sodium_munlock(page, 64);
	sodium_free(page);
	if (locked == 0)
		return CAIRN_OK;
	log_line(LOG_LEVEL_ERROR,
	    "memory for the key cannot be locked: raise the limit (ulimit -l, LimitMEMLOCK=) to 64 KiB or more");
	return CAIRN_ERR_DENIED;
}

static int
raise_descriptors(rlim_t need)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return CAIRN_ERR_IO;
	if (limit.rlim_cur >= need)
		return CAIRN_OK;
	if (limit.rlim_max < need)
		limit.rlim_max = need;
	limit.rlim_cur = need;
	if (setrlimit(RLIMIT_NOFILE, &limit) == 0)
		return CAIRN_OK;
	log_line(LOG_LEVEL_ERROR,
	    "%llu descriptors are needed: raise the limit (ulimit -n, LimitNOFILE=), or lower \"connections\"",
	    (unsigned long long)need);
	return CAIRN_ERR_DENIED;
}

int
harden(const struct config *config)
{
	static const struct rlimit none = {0, 0};
	int err;

	umask(077);
	if (!test_dumpable() && (prctl(PR_SET_DUMPABLE, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0))
		return CAIRN_ERR_DENIED;
	if ((err = raise_descriptors(config->connections + DESCRIPTORS_BESIDE)) != CAIRN_OK)
		return err;
	return check_memory_lock();
}

/* --- files --- */

static int
allow_path(int rules, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr beneath = {.allowed_access = access};
	int err;

	beneath.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (beneath.parent_fd < 0)
		return errno == ENOENT ? 0 : -1;
	err = (int)syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0);
	close(beneath.parent_fd);
	return err;
}

/* Its folder: an editor puts a new file in the place of the old one. */
static int
allow_config(int rules, const char *config_file)
{
	char folder[FILES_PATH_MAX];
	const char *slash = strrchr(config_file, '/');
	size_t size = slash == NULL ? 0 : (size_t)(slash - config_file);

	if (size == 0 || size >= sizeof folder)
		return allow_path(rules, config_file, read_file);
	memcpy(folder, config_file, size);
	folder[size] = '\0';
	return allow_path(rules, folder, read_file);
}

static int
restrict_files(const struct config *config, const char *config_file)
{
	int version = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	struct landlock_ruleset_attr handled = {.handled_access_fs = all_before_refer};
	int rules;
	int err;

	/* Without REFER no file may move to another folder at all. */
	if (version < 2)
		return -1;
	handled.handled_access_fs |= LANDLOCK_ACCESS_FS_REFER;
	if (version >= 3)
		handled.handled_access_fs |= LANDLOCK_ACCESS_FS_TRUNCATE;
	rules = (int)syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
	if (rules < 0)
		return -1;
	err = allow_path(rules, config->data, data_access & handled.handled_access_fs);
	if (err == 0)
		err = allow_config(rules, config_file);
	if (err == 0)
		err = allow_path(rules, "/dev/urandom", read_file);
	if (err == 0 && config->site[0] != '\0')
		err = allow_path(rules, config->site, read_file | LANDLOCK_ACCESS_FS_READ_DIR);
	if (err == 0)
		err = (int)syscall(SYS_landlock_restrict_self, rules, 0);
	close(rules);
	return err;
}

/* --- calls --- */

static int
restrict_calls(void)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int err = filter == NULL ? -1 : 0;

	for (size_t i = 0; err == 0 && i < sizeof allowed / sizeof *allowed; i++)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	if (err == 0)
		err = seccomp_load(filter);
	seccomp_release(filter);
	return err;
}

int
confine(const struct config *config, const char *config_file)
{
	if (!config->confine) {
		log_line(LOG_LEVEL_WARNING, "not confined, as the configuration says");
		return CAIRN_OK;
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return CAIRN_ERR_DENIED;
	if (restrict_files(config, config_file) != 0)
		log_line(LOG_LEVEL_WARNING, "this kernel does not confine files (Landlock 2 or newer)");
	if (restrict_calls() != 0)
		log_line(LOG_LEVEL_WARNING, "this kernel does not filter system calls (seccomp)");
	return CAIRN_OK;
}
