// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <stdint.h>
#include <string.h>

/*
 * Memory for libsodium's Argon2 (web/wasm/libsodium names these functions there): 64 MiB and some small blocks,
 * all given back when it is done. So blocks are laid one behind the other, and all are wiped when the last was
 * given back: what was computed from the words does not stay. Nothing else in the page's core asks for
 * memory, and the C library's own way would be 11 KB more to fetch.
 */

#define PAGE_BYTES 65536U
#define ALIGN 64U

void *heap_take(size_t size);
void heap_give(void *block);
int heap_take_aligned(void **out, size_t align, size_t size);

static struct {
	uintptr_t begin, end; /* ours; begun at the first use, behind all that there is */
	uintptr_t used;       /* end of the last block */
	size_t blocks;
} heap;

static uintptr_t
memory_end(void)
{
	return (uintptr_t)__builtin_wasm_memory_size(0) * PAGE_BYTES;
}

/* Is there memory up to end, or can there be? */
static int
reach(uintptr_t end)
{
	size_t pages;

	if (end <= heap.end)
		return 1;
	pages = (end - heap.end + PAGE_BYTES - 1) / PAGE_BYTES;
	if (heap.end != memory_end() || __builtin_wasm_memory_grow(0, pages) == SIZE_MAX)
		return 0;
	heap.end += pages * PAGE_BYTES;
	return 1;
}

void *
heap_take(size_t size)
{
	uintptr_t at;

	if (heap.begin == 0)
		heap.begin = heap.end = heap.used = memory_end();
	at = (heap.used + ALIGN - 1) & ~(uintptr_t)(ALIGN - 1);
	if (size > INTPTR_MAX - at || !reach(at + size)) {
		errno = ENOMEM;
		return NULL;
	}
	heap.used = at + size;
	heap.blocks++;
	return (void *)at;
}

void
heap_give(void *block)
{
	if (block == NULL || --heap.blocks > 0)
		return;
	/* By pages: a browser does not make a loop faster that runs only once. */
	for (uintptr_t at = heap.begin; at < heap.used; at += PAGE_BYTES)
		memset((void *)at, 0, PAGE_BYTES);
	heap.used = heap.begin;
}

int
heap_take_aligned(void **out, size_t align, size_t size)
{
	*out = align > ALIGN ? NULL : heap_take(size);
	return *out == NULL ? ENOMEM : 0;
}
