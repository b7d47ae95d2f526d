// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/pool.h"

#include <pthread.h>
#include <stdlib.h>

#define THREADS_MAX 64U

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t come;
	struct pool_job *first;
	struct pool_job **last;
	size_t waiting;
	size_t waiting_max;
	bool ending;
	unsigned threads;
	pthread_t thread[THREADS_MAX];
};

static struct pool_job *
take(struct pool *pool)
{
	struct pool_job *job;

	pthread_mutex_lock(&pool->lock);
	while (pool->first == NULL && !pool->ending)
		pthread_cond_wait(&pool->come, &pool->lock);
	job = pool->first;
	if (job != NULL) {
		pool->first = job->next;
		pool->waiting--;
		if (pool->first == NULL)
			pool->last = &pool->first;
	}
	pthread_mutex_unlock(&pool->lock);
	return job;
}

static void *
work(void *arg)
{
	struct pool_job *job;

	while ((job = take(arg)) != NULL)
		job->run(job);
	return NULL;
}

int
pool_new(struct pool **ret, unsigned threads, size_t waiting_max)
{
	struct pool *pool = calloc(1, sizeof *pool);

	*ret = NULL;
	if (pool == NULL)
		return CAIRN_ERR_NOMEM;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->come, NULL);
	pool->last = &pool->first;
	pool->waiting_max = waiting_max;
	while (pool->threads < threads && pool->threads < THREADS_MAX) {
		if (pthread_create(&pool->thread[pool->threads], NULL, work, pool) != 0) {
			pool_free(pool);
			return CAIRN_ERR_NOMEM;
		}
		pool->threads++;
	}
	*ret = pool;
	return CAIRN_OK;
}

bool
pool_put(struct pool *pool, struct pool_job *job)
{
	bool room;

	job->next = NULL;
	pthread_mutex_lock(&pool->lock);
	room = pool->waiting < pool->waiting_max && !pool->ending;
	if (room) {
		*pool->last = job;
		pool->last = &job->next;
		pool->waiting++;
		pthread_cond_signal(&pool->come);
	}
	pthread_mutex_unlock(&pool->lock);
	return room;
}

void
pool_end(struct pool *pool)
{
	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->ending = true;
	pthread_cond_broadcast(&pool->come);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->threads; i++)
		pthread_join(pool->thread[i], NULL);
	pool->threads = 0;
}

void
pool_free(struct pool *pool)
{
	if (pool == NULL)
		return;
	pool_end(pool);
	pthread_cond_destroy(&pool->come);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}
