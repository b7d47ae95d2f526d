// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "lib/authenticator.h"
#include "lib/vaulted.h"
#include "vault/token.h"

static struct vaulted place;
static struct authenticator token;

static int
set_up(void **state)
{
	(void)state;
	memset(&token, 0, sizeof(token));
	vaulted_init(&place, CONTAINER_BYTES_LEAST);
	vault_close(vaulted_make(&place, 0, "right"));
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	vaulted_release(&place);
	return 0;
}

/* The factor as the program has it, but for the device. arg is the token that is plugged in. */
static int
answer(void *arg, const struct header_token *asked, uint8_t secret[32])
{
	fido_dev_t *device = authenticator_open(arg);
	int err = token_answer(secret, device, NULL, asked);

	fido_dev_close(device);
	fido_dev_free(&device);
	return err;
}

static int
enroll(struct vault_enrolled *enrolled)
{
	fido_dev_t *device = authenticator_open(&token);
	int err = token_enroll(enrolled, device, NULL);

	fido_dev_close(device);
	fido_dev_free(&device);
	return err;
}

static int
open_with(struct vault **ret, struct authenticator *plugged)
{
	const struct vault_factor factor = {answer, plugged};
	uint8_t master[32];

	vaulted_key(master, "right");
	return vault_open(ret, place.path, master, plugged == NULL ? NULL : &factor);
}

static void
add(void)
{
	struct vault *vault = vaulted_open(&place, "right");
	struct vault_enrolled enrolled;
	uint8_t master[32];

	assert_ok(enroll(&enrolled));
	vaulted_key(master, "right");
	assert_ok(vault_rekey(vault, master, &enrolled));
	vault_close(vault);
}

static void
a_token_gives_the_same_secret_for_the_same_salt(void **state)
{
	struct vault_enrolled enrolled;
	uint8_t again[32];

	(void)state;
	assert_ok(enroll(&enrolled));
	assert_false(sodium_is_zero(enrolled.secret, 32));
	assert_ok(answer(&token, &enrolled.token, again));
	assert_memory_equal(again, enrolled.secret, 32);
	enrolled.token.salt[0] ^= 1;
	assert_ok(answer(&token, &enrolled.token, again));
	assert_memory_not_equal(again, enrolled.secret, 32);
}

static void
with_a_token_the_passphrase_alone_opens_nothing(void **state)
{
	struct vault *vault;

	(void)state;
	add();
	assert_err(open_with(&vault, NULL), CAIRN_ERR_STATE);
	assert_null(vault);
	assert_ok(open_with(&vault, &token));
	assert_non_null(vault_enrolled(vault));
	vault_close(vault);
}

static void
another_token_opens_nothing(void **state)
{
	struct authenticator other = {.has_credential = false}, forged;
	struct vault *vault;

	(void)state;
	add();
	assert_err(open_with(&vault, &other), CAIRN_ERR_UNKNOWN);
	/* One that claims the credential, but has not its secret. */
	forged = token;
	randombytes_buf(forged.secret, sizeof(forged.secret));
	assert_err(open_with(&vault, &forged), CAIRN_ERR_CRYPTO);
	assert_null(vault);
}

static void
a_token_that_nobody_touches_refuses(void **state)
{
	struct vault_enrolled enrolled;
	struct vault *vault;

	(void)state;
	add();
	token.refuses = true;
	assert_err(open_with(&vault, &token), CAIRN_ERR_DENIED);
	assert_err(enroll(&enrolled), CAIRN_ERR_DENIED);
	assert_true(sodium_is_zero((const uint8_t *)&enrolled, sizeof(enrolled)));
}

static void
a_wrong_passphrase_never_asks_the_token(void **state)
{
	const struct vault_factor factor = {answer, &token};
	struct vault *vault;
	uint8_t master[32];
	unsigned before;

	(void)state;
	add();
	before = token.answered;
	vaulted_key(master, "wrong");
	assert_err(vault_open(&vault, place.path, master, &factor), CAIRN_ERR_CRYPTO);
	assert_int_equal(token.answered, before);
}

static void
it_can_be_removed_and_the_passphrase_changed_beside_it(void **state)
{
	const struct vault_factor factor = {answer, &token};
	struct vault *vault;
	uint8_t master[32];

	(void)state;
	add();
	assert_ok(open_with(&vault, &token));
	vaulted_key(master, "new");
	assert_ok(vault_rekey(vault, master, vault_enrolled(vault)));
	vault_close(vault);
	assert_err(open_with(&vault, &token), CAIRN_ERR_CRYPTO);
	assert_err(vault_open(&vault, place.path, master, NULL), CAIRN_ERR_STATE);
	assert_ok(vault_open(&vault, place.path, master, &factor));
	assert_ok(vault_rekey(vault, master, NULL));
	vault_close(vault);
	assert_ok(vault_open(&vault, place.path, master, NULL));
	assert_null(vault_enrolled(vault));
	vault_close(vault);
}

static void
each_region_has_its_own(void **state)
{
	struct vault *vault;

	(void)state;
	add();
	vault_close(vaulted_make(&place, 1, "second"));
	vault_close(vaulted_open(&place, "second"));
	assert_ok(open_with(&vault, &token));
	vault_close(vault);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(a_token_gives_the_same_secret_for_the_same_salt),
	    CASE(with_a_token_the_passphrase_alone_opens_nothing),
	    CASE(another_token_opens_nothing),
	    CASE(a_token_that_nobody_touches_refuses),
	    CASE(a_wrong_passphrase_never_asks_the_token),
	    CASE(it_can_be_removed_and_the_passphrase_changed_beside_it),
	    CASE(each_region_has_its_own),
	};

	return RUN_TESTS(tests);
}
