// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_hasher.h"

#include <errno.h>

static void
wait_for(sem_t *sem)
{
	while (sem_wait(sem) != 0 && errno == EINTR)
		continue;
}

static void *
hash_all(void *arg)
{
	struct evidence_hasher *h = arg;

	for (;;) {
		wait_for(&h->todo);
		if (h->size == 0)
			return NULL;
		evidence_digest_put(&h->digest, h->bytes, h->size);
		sem_post(&h->done);
	}
}

int
evidence_hasher_begin(struct evidence_hasher *h)
{
	int err = evidence_digest_begin(&h->digest);

	if (err != CAIRN_OK)
		return err;
	(void)sem_init(&h->todo, 0, 0);
	(void)sem_init(&h->done, 0, 1);
	if (pthread_create(&h->thread, NULL, hash_all, h) == 0)
		return CAIRN_OK;
	evidence_digest_end(&h->digest, NULL, NULL);
	sem_destroy(&h->todo);
	sem_destroy(&h->done);
	return CAIRN_ERR_NOMEM;
}

void
evidence_hasher_put(struct evidence_hasher *h, const void *bytes, size_t size)
{
	if (size == 0)
		return;
	wait_for(&h->done);
	h->bytes = bytes;
	h->size = size;
	sem_post(&h->todo);
}

void
evidence_hasher_end(struct evidence_hasher *h, uint8_t sha256[32], uint8_t blake2b[32])
{
	wait_for(&h->done);
	h->size = 0;
	sem_post(&h->todo);
	(void)pthread_join(h->thread, NULL);
	sem_destroy(&h->todo);
	sem_destroy(&h->done);
	evidence_digest_end(&h->digest, sha256, blake2b);
}
