// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

void
bench_die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "bench: ");
	vfprintf(stderr, format, args);
	fprintf(stderr, "\n");
	va_end(args);
	exit(1);
}

void
bench_row(const char *name, double value, const char *unit, double compared)
{
	const char *path = getenv("BENCH_TSV");
	FILE *tsv = path == NULL ? NULL : fopen(path, "a");
	char beside[48] = "", ratio[32] = "";

	if (!isnan(compared)) {
		snprintf(beside, sizeof beside, "%.6g", compared);
		snprintf(ratio, sizeof ratio, "%.6g", value / compared);
	}
	printf("%-26s %12.6g %-10s %12s %10s\n", name, value, unit, beside, ratio);
	fflush(stdout);
	if (tsv == NULL)
		return;
	fprintf(tsv, "%s\t%.6g\t%s\t%s\t%s\n", name, value, unit, beside, ratio);
	fclose(tsv);
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double
bench_median(double *values, size_t count)
{
	qsort(values, count, sizeof *values, by_size);
	return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

static double
seconds_of(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now) != 0)
		bench_die("clock: %s", strerror(errno));
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double
bench_seconds(void)
{
	return seconds_of(CLOCK_MONOTONIC);
}

double
bench_cpu_seconds(void)
{
	return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

double
bench_cpu_seconds_of(pid_t pid)
{
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) != 0)
		bench_die("no clock of process %d", (int)pid);
	return seconds_of(clock);
}

double
bench_rss_mb(pid_t pid)
{
	char path[64], line[256];
	unsigned long kib = 0;
	FILE *status;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	if ((status = fopen(path, "r")) == NULL)
		bench_die("%s: %s", path, strerror(errno));
	while (fgets(line, sizeof line, status) != NULL)
		if (sscanf(line, "VmRSS: %lu", &kib) == 1)
			break;
	fclose(status);
	return (double)kib * 1024 / 1e6;
}

void
bench_folder(char out[256])
{
	snprintf(out, 256, "%s/bench-XXXXXX", getenv("BENCH_DIR") == NULL ? "." : getenv("BENCH_DIR"));
	if (mkdtemp(out) == NULL)
		bench_die("%s: %s", out, strerror(errno));
}

void
bench_folder_remove(const char *folder)
{
	pid_t child = fork();

	if (child == 0) {
		execlp("rm", "rm", "-rf", folder, (char *)NULL);
		_exit(127);
	}
	if (child > 0)
		waitpid(child, NULL, 0);
}
