// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdint.h>

#include <sodium.h>

/*
 * libsodium multiplies the base point by help of Ed25519's table, which is a third of what the page would have
 * to fetch. The ladder gives the same without one, in some 0.1 ms. (web/wasm/build renames the function in
 * the core, web/wasm/libsodium the table's.)
 */

int x25519_by_ladder(uint8_t out[32], const uint8_t secret[32]);
void x25519_no_table(void *point, const uint8_t *scalar);

int
x25519_by_ladder(uint8_t out[32], const uint8_t secret[32])
{
	static const uint8_t base_point[32] = {9};

	return crypto_scalarmult_curve25519(out, secret, base_point);
}

/* Only libsodium's own way to the base point comes here, and nobody goes that way. */
__attribute__((noreturn)) void
x25519_no_table(void *point, const uint8_t *scalar)
{
	(void)point;
	(void)scalar;
	__builtin_trap();
}
