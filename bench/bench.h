// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Figures, each measured beside what it is compared with, in the same run on the same machine. Every figure is the
 * median of BENCH_RUNS; the machine's own speed cancels out in the ratio.
 */

#define BENCH_RUNS 5U

/* Writes a row. compared is NAN where there is nothing to compare with. */
void bench_row(const char *name, double value, const char *unit, double compared);

/* What a run could not do ends it, with a word to the operator. */
__attribute__((noreturn, format(printf, 1, 2))) void bench_die(const char *format, ...);

double bench_median(double *values, size_t count); /* sorts them */
double bench_seconds(void);                        /* monotonic */
double bench_cpu_seconds(void);                    /* of this process */
double bench_cpu_seconds_of(pid_t pid);            /* of another, all its threads, to the nanosecond */
double bench_rss_mb(pid_t pid);

/* A fresh folder on the disk that the build is on; bench_folder_remove() takes it away with all in it. */
void bench_folder(char out[256]);
void bench_folder_remove(const char *folder);

void bench_drop_accept(void);
void bench_feed_append(void);
void bench_board_serve(void);
void bench_look_relay(void);
void bench_look_bytes(void);
void bench_look_person(void);
void bench_desk_open(void);
void bench_sync_ops(void);
void bench_desk_rss(void);
int bench_desk_rss_child(const char *folder);
void bench_evidence_ingest(void);
void bench_relay_rss(void);
void bench_independence(void);
void bench_claim(void);

void bench_vault(void);
void bench_vault_cipher(void);
void bench_vault_unlock(void);

#endif
