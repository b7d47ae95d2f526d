// SPDX-License-Identifier: GPL-3.0-or-later
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "lib/relay_desk.h"

/* Batch files of 32 KiB, by cairnd and by nginx, the same files under the same load of wrk. */

#define BATCHES 4U
#define NGINX_PORT 18480U
#define CAIRND_PORT 18481U

/* Requests a second. */
static double
wrk(unsigned port, const char *path)
{
	char command[512], line[256];
	double rate = 0;
	FILE *out;

	snprintf(command, sizeof command, "wrk -t1 -c32 -d2s http://127.0.0.1:%u%s", port, path);
	if ((out = popen(command, "r")) == NULL)
		bench_die("wrk does not start");
	while (fgets(line, sizeof line, out) != NULL) {
		(void)sscanf(line, "Requests/sec: %lf", &rate);
		if (strstr(line, "Non-2xx") != NULL)
			bench_die("wrk on port %u: %s", port, line);
	}
	if (pclose(out) != 0 || rate <= 0)
		bench_die("wrk failed on port %u", port);
	return rate;
}

static pid_t
nginx_start(const char *folder)
{
	char config[300];
	FILE *file;
	pid_t pid;

	snprintf(config, sizeof config, "%s/nginx.conf", folder);
	if ((file = fopen(config, "w")) == NULL)
		bench_die("%s cannot be written", config);
	fprintf(file,
	    "daemon off; worker_processes 2; pid %s/pid; error_log %s/error.log;\n"
	    "%s"
	    "events { worker_connections 1024; }\n"
	    "http { access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000;\n"
	    "server { listen 127.0.0.1:%u; root %s; } }\n",
	    folder, folder, geteuid() == 0 ? "user root;\n" : "", NGINX_PORT, folder);
	fclose(file);
	if ((pid = fork()) == 0) {
		execlp("/usr/sbin/nginx", "nginx", "-p", folder, "-c", config, (char *)NULL);
		_exit(127);
	}
	usleep(500000);
	return pid;
}

/* What cairnd serves as board/batch/0, as a file for nginx. */
static void
copy_batch(const struct relay_desk *desk, const char *folder)
{
	const struct paper_file *batch = paper_file(&desk->paper, "board/batch/0");
	char path[300];
	FILE *file;

	snprintf(path, sizeof path, "%s/0", folder);
	if ((file = fopen(path, "w")) == NULL || fwrite(batch->bytes, 1, batch->size, file) != batch->size)
		bench_die("%s cannot be written", path);
	fclose(file);
}

void
bench_board_serve(void)
{
	char listen[32], folder[256], path[256];
	const char *flags[] = {"--listen", listen, NULL};
	double cairnd[BENCH_RUNS], nginx[BENCH_RUNS];
	struct relay_process relay;
	struct relay_desk *desk = calloc(1, sizeof *desk);
	pid_t pid;

	if (desk == NULL)
		bench_die("memory");
	snprintf(listen, sizeof listen, "127.0.0.1:%u", CAIRND_PORT);
	setenv("RELAY_ON_DISK", "1", 1);
	relay_init(&relay);
	if (!relay_start(&relay, flags))
		bench_die("cairnd does not start");
	relay_desk_init(desk, &relay, 1);
	for (unsigned i = 0; i < BATCHES; i++)
		if (relay_desk_publish(desk) != 204)
			bench_die("the relay does not take a batch");
	bench_folder(folder);
	copy_batch(desk, folder);
	pid = nginx_start(folder);
	relay_desk_path(desk, path, "board/batch/0");
	for (unsigned i = 0; i < BENCH_RUNS; i++) {
		cairnd[i] = wrk(CAIRND_PORT, path);
		nginx[i] = wrk(NGINX_PORT, "/0");
	}
	bench_row("board_serve", bench_median(cairnd, BENCH_RUNS), "requests/s", bench_median(nginx, BENCH_RUNS));
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
	bench_folder_remove(folder);
	relay_desk_release(desk);
	relay_stop(&relay);
	relay_release(&relay);
	free(desk);
}
