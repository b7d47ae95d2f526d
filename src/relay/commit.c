// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/commit.h"

#include <pthread.h>
#include <stdlib.h>

#include <sodium.h>

#include "relay/clock.h"

struct commit {
	struct store *store;
	pthread_mutex_t lock;
	pthread_cond_t come;
	struct commit_cell *first;
	struct commit_cell **last;
	bool ending;
	bool ended;
	pthread_t thread;
};

/* All that wait, up to a batch, in order of arrival. 0: nothing more will come. */
static size_t
take(struct commit *commit, struct commit_cell *batch[COMMIT_CELLS_MAX])
{
	size_t count = 0;

	pthread_mutex_lock(&commit->lock);
	while (commit->first == NULL && !commit->ending)
		pthread_cond_wait(&commit->come, &commit->lock);
	while (commit->first != NULL && count < COMMIT_CELLS_MAX) {
		batch[count++] = commit->first;
		commit->first = commit->first->next;
	}
	if (commit->first == NULL)
		commit->last = &commit->first;
	pthread_mutex_unlock(&commit->lock);
	return count;
}

/* So that the log of the database does not tell the order of arrival within a batch. */
static void
shuffle(struct commit_cell **batch, size_t count)
{
	for (size_t left = count; left > 1; left--) {
		size_t at = randombytes_uniform((uint32_t)left);
		struct commit_cell *cell = batch[at];

		batch[at] = batch[left - 1];
		batch[left - 1] = cell;
	}
}

static void
write_batch(struct commit *commit, struct commit_cell **batch, size_t count)
{
	struct store_put *puts[COMMIT_CELLS_MAX];

	shuffle(batch, count);
	for (size_t i = 0; i < count; i++)
		puts[i] = &batch[i]->put;
	/* The outcome stands in each put. */
	(void)!store_put(commit->store, puts, count, clock_hour());
	for (size_t i = 0; i < count; i++)
		batch[i]->done(batch[i]);
}

static void *
work(void *arg)
{
	struct commit_cell *batch[COMMIT_CELLS_MAX];
	struct commit *commit = arg;
	size_t count;

	while ((count = take(commit, batch)) > 0)
		write_batch(commit, batch, count);
	return NULL;
}

int
commit_new(struct commit **ret, struct store *store)
{
	struct commit *commit = calloc(1, sizeof *commit);

	*ret = NULL;
	if (commit == NULL)
		return CAIRN_ERR_NOMEM;
	commit->store = store;
	commit->last = &commit->first;
	pthread_mutex_init(&commit->lock, NULL);
	pthread_cond_init(&commit->come, NULL);
	if (pthread_create(&commit->thread, NULL, work, commit) != 0) {
		free(commit);
		return CAIRN_ERR_NOMEM;
	}
	*ret = commit;
	return CAIRN_OK;
}

bool
commit_put(struct commit *commit, struct commit_cell *cell)
{
	bool taken;

	cell->next = NULL;
	pthread_mutex_lock(&commit->lock);
	taken = !commit->ending;
	if (taken) {
		*commit->last = cell;
		commit->last = &cell->next;
		pthread_cond_signal(&commit->come);
	}
	pthread_mutex_unlock(&commit->lock);
	return taken;
}

void
commit_end(struct commit *commit)
{
	if (commit == NULL || commit->ended)
		return;
	pthread_mutex_lock(&commit->lock);
	commit->ending = true;
	pthread_cond_signal(&commit->come);
	pthread_mutex_unlock(&commit->lock);
	pthread_join(commit->thread, NULL);
	commit->ended = true;
}

void
commit_free(struct commit *commit)
{
	if (commit == NULL)
		return;
	commit_end(commit);
	pthread_cond_destroy(&commit->come);
	pthread_mutex_destroy(&commit->lock);
	free(commit);
}
