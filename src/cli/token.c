// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/token.h"

#include <string.h>

#include <sodium.h>

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/terminal.h"
#include "vault/token.h"

#define TOKENS_MAX 8U
#define PIN_MAX 64U

/* The token that is plugged in: there must be one, and only one, so that nobody touches the wrong one. */
static int
find(fido_dev_t **ret)
{
	fido_dev_info_t *list;
	size_t found = 0;
	int err = CAIRN_ERR_NOMEM;

	*ret = NULL;
	fido_init(0);
	list = fido_dev_info_new(TOKENS_MAX);
	if (list == NULL || fido_dev_info_manifest(list, TOKENS_MAX, &found) != FIDO_OK || found != 1) {
		complain(found > 1 ? "more than one token is plugged in: leave the vault's own"
				   : "this vault wants its token: plug it in, and try again");
		err = CAIRN_ERR_UNKNOWN;
	} else if ((*ret = fido_dev_new()) != NULL) {
		err = fido_dev_open(*ret, fido_dev_info_path(fido_dev_info_ptr(list, 0))) == FIDO_OK ? CAIRN_OK
												       : CAIRN_ERR_IO;
	}
	if (err != CAIRN_OK)
		fido_dev_free(ret);
	fido_dev_info_free(&list, TOKENS_MAX);
	return err;
}

/* Without echo; empty at the end of input. */
static void
ask_pin(char pin[PIN_MAX])
{
	struct terminal t;
	size_t used = 0;
	int byte;

	pin[0] = '\0';
	if (terminal_open(&t) != CAIRN_OK)
		return;
	if (terminal_quiet(&t) == CAIRN_OK) {
		fputs("The token's PIN (nothing shows): ", t.out);
		while ((byte = terminal_byte(&t)) > 4 && byte != '\n' && byte != '\r' && used < PIN_MAX - 1)
			pin[used++] = (char)byte;
		terminal_loud(&t);
		fputc('\n', t.out);
	}
	pin[used] = '\0';
	terminal_close(&t);
}

static int
with_token(int (*step)(void *arg, fido_dev_t *device, const char *pin), void *arg, const char *what)
{
	char pin[PIN_MAX] = "";
	fido_dev_t *device;
	int err = find(&device);

	if (err != CAIRN_OK)
		return err;
	if (fido_dev_has_pin(device))
		ask_pin(pin);
	remark("%s", what);
	err = step(arg, device, pin[0] == '\0' ? NULL : pin);
	sodium_memzero(pin, sizeof(pin));
	fido_dev_close(device);
	fido_dev_free(&device);
	if (err == CAIRN_ERR_DENIED)
		complain("the token refused: its PIN is wrong, or nobody touched it");
	else if (err == CAIRN_ERR_UNKNOWN)
		complain("this is not the vault's token, or one that cannot do this (hmac-secret)");
	else if (err != CAIRN_OK)
		complain("the token does not answer");
	return err;
}

struct asked {
	const struct header_token *token;
	uint8_t *secret;
};

static int
answer_step(void *arg, fido_dev_t *device, const char *pin)
{
	const struct asked *asked = arg;

	return token_answer(asked->secret, device, pin, asked->token);
}

static int
answer(void *arg, const struct header_token *token, uint8_t secret[32])
{
	struct asked asked = {token, secret};

	(void)arg;
	return with_token(answer_step, &asked, "Touch the token.");
}

const struct vault_factor token_factor = {answer, NULL};

static int
add_step(void *arg, fido_dev_t *device, const char *pin)
{
	return token_enroll(arg, device, pin);
}

int
token_add(struct vault_enrolled *enrolled)
{
	int err = with_token(add_step, enrolled, "Touch the token, twice: when it blinks, and when it blinks again.");

	return err == CAIRN_OK ? CAIRN_EXIT_OK : CAIRN_EXIT_REFUSED;
}
