// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/person.h"

#include <string.h>

#include <sodium.h>

#include "cli/exit.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/receipt_file.h"
#include "cli/secret.h"
#include "net/drive.h"

int
person_new(struct person **ret_person, const struct reach_options *options, struct cairn_passphrase *pass)
{
	struct person *person = secret_new(sizeof(*person));
	uint8_t root[CAIRN_KEY_BYTES];
	int code;

	*ret_person = NULL;
	if (person == NULL)
		code = fail(CAIRN_EXIT_MEMORY, "out of memory");
	else
		code = reach_begin(&person->reach, options);
	if (code == CAIRN_EXIT_OK &&
	    cairn_passphrase_root(root, pass, person->reach.client.desk_id) != CAIRN_OK)
		code = fail(CAIRN_EXIT_MEMORY, "not enough memory: 64 MiB are needed for a moment");
	cairn_passphrase_clear(pass);
	if (code != CAIRN_EXIT_OK) {
		person_free(person);
		return code;
	}
	cairn_conversation_init(&person->conv, root);
	sodium_memzero(root, sizeof(root));
	*ret_person = person;
	return CAIRN_EXIT_OK;
}

void
person_free(struct person *person)
{
	if (person == NULL)
		return;
	reach_end(&person->reach);
	secret_free(person);
}

/* ---- whether the desk is there ---- */

static int
open_once(struct person *person, struct cairn_opening *opening)
{
	cairn_opening_init(opening, &person->reach.client, &person->session.memory);
	return net_open(person->reach.net, opening, NULL);
}

static int
check_key(const struct person *person, const struct cairn_opening *opening)
{
	struct cairn_epoch epoch;

	return cairn_epochs_find(&epoch, &opening->epochs, CAIRN_DOOR_INTAKE, person->reach.client.hour / 24);
}

int
person_check_desk(struct person *person)
{
	struct cairn_opening *opening = secret_new(sizeof(*opening));
	int code = CAIRN_EXIT_OK, err;

	if (opening == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	err = open_once(person, opening);
	if (err == CAIRN_ERR_CLOCK) {
		code = reach_ask_clock(&person->reach, opening->checkpoint.hour);
		if (code == CAIRN_EXIT_OK)
			err = open_once(person, opening);
	}
	if (code == CAIRN_EXIT_OK && err == CAIRN_OK)
		err = check_key(person, opening);
	if (code == CAIRN_EXIT_OK && err != CAIRN_OK)
		code = reach_fail(&person->reach, opening, err);
	secret_free(opening);
	return code;
}

/* ---- sending ---- */

struct sending {
	const struct cairn_send *send;
	struct progress progress;
};

static void
on_step(void *arg)
{
	struct sending *s = arg;

	progress_at(&s->progress, s->send->sent);
}

static int
send_once(struct person *person, const struct cairn_letter *letters, size_t count, struct cairn_send *send)
{
	struct sending sending = {.send = send};
	struct net_watch watch = {on_step, &sending};
	uint8_t entropy[32];
	int err;

	randombytes_buf(entropy, sizeof(entropy));
	cairn_send_init(send, &person->reach.client, &person->session.memory, CAIRN_DOOR_INTAKE, &person->conv,
	    letters, count, NULL, entropy);
	sodium_memzero(entropy, sizeof(entropy));
	progress_begin(&sending.progress, "sending", count);
	err = net_send(person->reach.net, send, &watch);
	progress_end(&sending.progress);
	return err;
}

int
person_send(struct person *person, const struct cairn_letter *letters, size_t count,
    struct cairn_send **ret_send)
{
	struct cairn_send *send = secret_new(sizeof(*send));
	int code = CAIRN_EXIT_OK, err;

	*ret_send = NULL;
	if (send == NULL)
		return fail(CAIRN_EXIT_MEMORY, "out of memory");
	err = send_once(person, letters, count, send);
	if (err == CAIRN_ERR_CLOCK) {
		code = reach_ask_clock(&person->reach, send->opening.checkpoint.hour);
		if (code == CAIRN_EXIT_OK)
			err = send_once(person, letters, count, send);
	}
	if (code == CAIRN_EXIT_OK && err != CAIRN_OK)
		code = reach_fail(&person->reach, &send->opening, err);
	if (code != CAIRN_EXIT_OK && send->sent > 0)
		complain("%zu of %zu letters had been kept by the relay before", send->sent, count);
	if (code == CAIRN_EXIT_OK)
		*ret_send = send;
	else
		secret_free(send);
	return code;
}

/* ---- telling ---- */

static json_t *
report_json(const struct person *person, const struct cairn_send *send, const struct cairn_letter *letters)
{
	json_t *list = json_array();

	for (size_t i = 0; i < send->sent; i++)
		json_array_append_new(list, json_pack("{s:o,s:o,s:o}",
		    "letter", json_hex(letters[i].msgid, sizeof(letters[i].msgid)),
		    "cell_hash", json_hex(send->cell_hashes[i], CAIRN_HASH_BYTES),
		    "receipt", json_hex(send->receipts[i], CAIRN_RECEIPT_BYTES)));
	return json_pack("{s:o,s:o,s:i,s:o}",
	    "desk", json_hex(person->reach.client.desk_id, CAIRN_HASH_BYTES),
	    "kept", list,
	    "board_hour", (int)send->opening.checkpoint.hour,
	    "desk_name", json_span(send->opening.card.name));
}

static void
report_words(const struct cairn_send *send, const struct cairn_letter *letters)
{
	printf("Sealed for the desk and kept by the relay: %zu %s.\n", send->sent,
	    send->sent == 1 ? "letter" : "letters");
	for (size_t i = 0; i < send->sent; i++) {
		printf("  letter ");
		print_hex(stdout, letters[i].msgid, sizeof(letters[i].msgid));
		putchar('\n');
	}
	puts("That the relay keeps it does not mean that anybody has read it. Look again later:");
	puts("the desk's answer is found with the same passphrase, and nothing else.");
}

int
person_report(const struct person *person, const struct cairn_send *send,
    const struct cairn_letter *letters, const char *receipt_file, bool json)
{
	int code = CAIRN_EXIT_OK;

	if (receipt_file != NULL)
		code = receipt_file_write(receipt_file, person->reach.client.desk_id, send);
	if (json) {
		int printed = print_json(report_json(person, send, letters));

		return code == CAIRN_EXIT_OK ? printed : code;
	}
	report_words(send, letters);
	return code;
}
