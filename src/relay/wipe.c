// SPDX-License-Identifier: GPL-3.0-or-later
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/*
 * free() and realloc() of the whole process, libraries too: what is given back is overwritten. The HTTP library's
 * pools hold headers and bodies, SQLite's pages hold cells; none of it knows that it should wipe. So that a
 * memory image shows what is being worked on, and nothing of what was (docs/protocol.md, C1).
 *
 * Linked into the daemon alone; where a sanitizer has an allocator of its own, not at all.
 */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer) || __has_feature(thread_sanitizer)
#define OWN_ALLOCATOR
#endif
#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OWN_ALLOCATOR
#endif

#ifndef OWN_ALLOCATOR

extern void __libc_free(void *memory);

void
free(void *memory)
{
	int before = errno;

	if (memory == NULL)
		return;
	explicit_bzero(memory, malloc_usable_size(memory));
	__libc_free(memory);
	errno = before;
}

/* The library's own may move what is there and leave the old place as it was. */
void *
realloc(void *memory, size_t size)
{
	size_t had = memory == NULL ? 0 : malloc_usable_size(memory);
	void *fresh;

	if (memory != NULL && size == 0) {
		free(memory);
		return NULL;
	}
	/* In place where it fits, and is not far too large. */
	if (memory != NULL && size <= had && size >= had / 2) {
		explicit_bzero((char *)memory + size, had - size);
		return memory;
	}
	fresh = malloc(size);
	if (fresh == NULL)
		return NULL;
	if (memory != NULL)
		memcpy(fresh, memory, size < had ? size : had);
	free(memory);
	return fresh;
}

#endif
