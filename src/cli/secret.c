// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/secret.h"

#include <sodium.h>

void *
secret_new(size_t bytes)
{
	void *secret;

	/* libsodium puts the end at a page's end, which does for alignment only when the size is a multiple. */
	bytes = (bytes + 15) & ~(size_t)15;
	secret = sodium_malloc(bytes);
	if (secret != NULL)
		sodium_memzero(secret, bytes);
	return secret;
}

void
secret_free(void *secret)
{
	sodium_free(secret);
}
