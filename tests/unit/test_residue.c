// SPDX-License-Identifier: GPL-3.0-or-later
#include "lib/test.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>

#include <sodium.h>

/* Valgrind counts a stack that nobody stands on as unreadable; here it is what we want to read. */
#if __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#define READABLE(at, size) VALGRIND_MAKE_MEM_DEFINED(at, size)
#else
#define READABLE(at, size) ((void)0)
#endif

#include "cairn/conversation.h"
#include "cairn/hpke.h"
#include "core/hpke_schedule.h"

/*
 * What an operation leaves on the stack: each runs in a thread whose stack lies where we can search it
 * afterwards. All that it is given and gives back is static, so nothing secret may be found there.
 */

#define STACK_BYTES (1024U * 1024U)
#define PIECE 12U /* so long a run of a secret counts as found; only one in 2^96 is chance */

static uint8_t *stack;

static uint8_t seed[CAIRN_XWING_SEED_BYTES];
static uint8_t eseed[CAIRN_XWING_ESEED_BYTES];
static struct cairn_xwing_key key;
static struct cairn_conversation conv;
static uint8_t enc[CAIRN_XWING_ENC_BYTES];
static uint8_t shared[CAIRN_XWING_SHARED_BYTES];
static uint8_t plain[64];
static uint8_t ct[sizeof plain + CAIRN_HPKE_TAG_BYTES];
static struct hpke_context context;

static int
set_up(void **state)
{
	(void)state;
	stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	randombytes_buf(seed, sizeof seed);
	randombytes_buf(eseed, sizeof eseed);
	randombytes_buf(plain, sizeof plain);
	cairn_xwing_key_init(&key, seed);
	cairn_conversation_init(&conv, seed);
	return stack == MAP_FAILED ||
	    cairn_hpke_seal(enc, ct, plain, sizeof plain, key.public_key, NULL, 0, eseed) != CAIRN_OK ||
	    cairn_xwing_decapsulate(shared, enc, &key) != CAIRN_OK;
}

static void
run(void *(*operation)(void *))
{
	pthread_attr_t attr;
	pthread_t thread;

	READABLE(stack, STACK_BYTES);
	memset(stack, 0, STACK_BYTES);
	assert_int_equal(pthread_attr_init(&attr), 0);
	assert_int_equal(pthread_attr_setstack(&attr, stack, STACK_BYTES), 0);
	assert_int_equal(pthread_create(&thread, &attr, operation, NULL), 0);
	assert_int_equal(pthread_join(thread, NULL), 0);
	pthread_attr_destroy(&attr);
	READABLE(stack, STACK_BYTES);
}

static bool
is_left(const void *secret, size_t size)
{
	for (size_t i = 0; i + PIECE <= size; i += PIECE)
		if (memmem(stack, STACK_BYTES, (const uint8_t *)secret + i, PIECE) != NULL)
			return true;
	return false;
}

static void
assert_nothing_left(void)
{
	hpke_schedule(&context, HPKE_KEM_XWING, shared, NULL, 0);
	assert_false(is_left(seed, sizeof seed));
	assert_false(is_left(eseed, sizeof eseed));
	assert_false(is_left(key.mlkem, 1152));
	assert_false(is_left(key.mlkem + 2368, 32));
	assert_false(is_left(key.x25519, sizeof key.x25519));
	assert_false(is_left(conv.auth_secret, sizeof conv.auth_secret));
	assert_false(is_left(conv.reply.mlkem, 1152));
	assert_false(is_left(shared, sizeof shared));
	assert_false(is_left(plain, sizeof plain));
	assert_false(is_left(&context, sizeof context));
}

static void *
leave_a_secret(void *unused)
{
	uint8_t room[8192]; /* its lower end is deeper than the thread's own end writes */

	(void)unused;
	memcpy(room, seed, sizeof seed);
	__asm__ volatile(""
			 :
			 : "r"(room)
			 : "memory"); /* or the compiler would see that nobody reads it */
	return NULL;
}

static void
the_search_finds_what_is_left(void **state)
{
	(void)state;
	run(leave_a_secret);
	assert_true(is_left(seed, sizeof seed));
}

static void *
make_key(void *unused)
{
	(void)unused;
	cairn_xwing_key_init(&key, seed);
	return NULL;
}

static void
making_a_key_leaves_nothing(void **state)
{
	(void)state;
	run(make_key);
	assert_nothing_left();
}

static void *
seal(void *unused)
{
	(void)unused;
	(void)!cairn_hpke_seal(enc, ct, plain, sizeof plain, key.public_key, NULL, 0, eseed);
	return NULL;
}

static void
sealing_leaves_nothing(void **state)
{
	(void)state;
	run(seal);
	assert_nothing_left();
}

static void *
open_it(void *unused)
{
	(void)unused;
	(void)!cairn_hpke_open(plain, enc, ct, sizeof ct, &key, NULL, 0);
	return NULL;
}

static void
opening_leaves_nothing(void **state)
{
	(void)state;
	run(open_it);
	assert_nothing_left();
}

static void *
begin(void *unused)
{
	(void)unused;
	cairn_conversation_init(&conv, seed);
	return NULL;
}

static void
beginning_a_conversation_leaves_nothing(void **state)
{
	(void)state;
	run(begin);
	assert_nothing_left();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_search_finds_what_is_left),
	    cmocka_unit_test(making_a_key_leaves_nothing),
	    cmocka_unit_test(sealing_leaves_nothing),
	    cmocka_unit_test(opening_leaves_nothing),
	    cmocka_unit_test(beginning_a_conversation_leaves_nothing),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests_name(__FILE_NAME__, tests, set_up, NULL);
}
