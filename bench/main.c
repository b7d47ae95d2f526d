// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "bench.h"

/* What gives which rows. A word on the command line picks those that give a row of that name. */
static const struct {
	void (*run)(void);
	const char *rows;
} figures[] = {
	{bench_drop_accept, "drop_accept drop_accept_single"},
	{bench_feed_append, "feed_append"},
	{bench_board_serve, "board_serve"},
	{bench_look_relay, "look_relay_cpu_5000 look_relay_cpu_1000000"},
	{bench_look_bytes, "look_bytes"},
	{bench_look_person, "look_person_cpu"},
	{bench_desk_open, "desk_open"},
	{bench_relay_rss, "relay_rss"},
	{bench_sync_ops, "sync_ops sync_ops_linear"},
	{bench_desk_rss, "desk_rss"},
	{bench_independence, "independence"},
	{bench_claim, "claim_verify_ms"},
	{bench_evidence_ingest, "evidence_ingest"},
	{bench_vault, "vault_insert vault_select vault_mixed"},
	{bench_vault_cipher, "vault_vs_sqlcipher"},
	{bench_vault_unlock, "vault_unlock_ms"},
};

static bool
has_word(const char *words, const char *word)
{
	size_t size = strlen(word);

	for (const char *at = words; (at = strstr(at, word)) != NULL; at++)
		if ((at == words || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
			return true;
	return false;
}

int
main(int argc, char **argv)
{
	bool any = false;

	if (sodium_init() < 0)
		bench_die("libsodium does not start");
	if (argc == 3 && strcmp(argv[1], "--desk-rss") == 0)
		return bench_desk_rss_child(argv[2]);
	for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
		if (argc < 2 || has_word(figures[i].rows, argv[1])) {
			any = true;
			figures[i].run();
		}
	if (!any)
		bench_die("no figure is called %s", argv[1]);
	return 0;
}
