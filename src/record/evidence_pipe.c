// SPDX-License-Identifier: GPL-3.0-or-later
#include "record/evidence_pipe.h"

#include <errno.h>
#include <string.h>

/* A piece of this size is no piece: the end. */
#define END SIZE_MAX

static void
wait_for(sem_t *sem)
{
	while (sem_wait(sem) != 0 && errno == EINTR)
		continue;
}

static void *
follow_all(void *arg)
{
	struct evidence_follower *f = arg;

	for (size_t i = 0;; i = (i + 1) % EVIDENCE_PIPE_PIECES) {
		wait_for(&f->full);
		if (f->pipe->used[i] == END)
			return NULL;
		if (f->err == CAIRN_OK)
			f->err = f->follow(f->arg, f->pipe->pieces[i], f->pipe->used[i]);
		sem_post(&f->empty);
	}
}

static int
follower_begin(struct evidence_follower *f, const struct evidence_pipe *pipe)
{
	f->pipe = pipe;
	f->err = CAIRN_OK;
	(void)sem_init(&f->full, 0, 0);
	(void)sem_init(&f->empty, 0, EVIDENCE_PIPE_PIECES);
	if (pthread_create(&f->thread, NULL, follow_all, f) == 0)
		return CAIRN_OK;
	sem_destroy(&f->full);
	sem_destroy(&f->empty);
	return CAIRN_ERR_NOMEM;
}

static int
fill(uint8_t *piece, size_t *ret_used, evidence_read *read, void *arg)
{
	size_t used = 0, bytes = 1;
	int err = CAIRN_OK;

	while (err == CAIRN_OK && bytes > 0 && used < EVIDENCE_PIECE_BYTES) {
		err = read(arg, piece + used, EVIDENCE_PIECE_BYTES - used, &bytes);
		if (err == CAIRN_OK)
			used += bytes;
	}
	memset(piece + used, 0, EVIDENCE_PIECE_BYTES - used);
	*ret_used = used;
	return err;
}

/* Waits until all followers are done with the piece that comes next. */
static int
make_room(struct evidence_pipe *p)
{
	int err = CAIRN_OK;

	for (size_t i = 0; i < EVIDENCE_PIPE_FOLLOWERS; i++) {
		wait_for(&p->followers[i].empty);
		if (err == CAIRN_OK)
			err = p->followers[i].err;
	}
	return err;
}

static void
hand_on(struct evidence_pipe *p, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sem_post(&p->followers[i].full);
}

/* *at is left at the piece that comes next. */
static int
read_all(struct evidence_pipe *p, size_t *at, evidence_read *read, void *arg)
{
	bool first = true;
	int err = make_room(p);

	while (err == CAIRN_OK) {
		err = fill(p->pieces[*at], &p->used[*at], read, arg);
		if (err != CAIRN_OK || (p->used[*at] == 0 && !first))
			return err;
		hand_on(p, EVIDENCE_PIPE_FOLLOWERS);
		*at = (*at + 1) % EVIDENCE_PIPE_PIECES;
		first = false;
		err = make_room(p);
	}
	return err;
}

static int
followers_end(struct evidence_pipe *p, size_t count, size_t at)
{
	int err = CAIRN_OK;

	p->used[at] = END;
	hand_on(p, count);
	for (size_t i = 0; i < count; i++) {
		struct evidence_follower *f = &p->followers[i];

		(void)pthread_join(f->thread, NULL);
		sem_destroy(&f->full);
		sem_destroy(&f->empty);
		if (err == CAIRN_OK)
			err = f->err;
	}
	return err;
}

int
evidence_pipe_run(struct evidence_pipe *p, evidence_read *read, void *arg)
{
	size_t begun = 0, at = 0;
	int err = CAIRN_OK, end;

	while (err == CAIRN_OK && begun < EVIDENCE_PIPE_FOLLOWERS) {
		err = follower_begin(&p->followers[begun], p);
		begun += err == CAIRN_OK;
	}
	if (err == CAIRN_OK)
		err = read_all(p, &at, read, arg);
	end = followers_end(p, begun, at);
	return err == CAIRN_OK ? end : err;
}
