// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/mailbox.h"

#include <string.h>

#include <sodium.h>

#include "net/net.h"

static int
mailbox_staff(struct desk *desk, const char *path, const uint8_t slot[JOIN_SLOT_BYTES])
{
	struct cairn_request request = {.method = "POST", .staff = true, .body = slot, .body_bytes = JOIN_SLOT_BYTES,
	    .answer_max = 64};
	int status;
	int err;

	snprintf(request.path, sizeof(request.path), "%s", path);
	err = desk_exchange(desk, &request, &status, NULL, NULL);
	if (status == 503)
		desk_trouble(desk, err,
		    "too many devices are being admitted at once, or the relay is overloaded: wait half an hour");
	return err;
}

int
mailbox_open(struct desk *desk, const uint8_t slot[JOIN_SLOT_BYTES])
{
	return mailbox_staff(desk, "join/open", slot);
}

int
mailbox_close(struct desk *desk, const uint8_t slot[JOIN_SLOT_BYTES])
{
	return mailbox_staff(desk, "join/close", slot);
}

static void
mailbox_path(char path[CAIRN_REQUEST_PATH_MAX], const uint8_t slot[JOIN_SLOT_BYTES], unsigned number)
{
	char hex[2 * JOIN_SLOT_BYTES + 1];

	sodium_bin2hex(hex, sizeof(hex), slot, JOIN_SLOT_BYTES);
	snprintf(path, CAIRN_REQUEST_PATH_MAX, "join/%s/%u", hex, number);
}

int
mailbox_put(struct desk *desk, const uint8_t slot[JOIN_SLOT_BYTES], unsigned number, const uint8_t *bytes,
    size_t size)
{
	struct cairn_request request = {.method = "PUT", .body = bytes, .body_bytes = size, .answer_max = 64};
	int err;

	mailbox_path(request.path, slot, number);
	err = desk_exchange(desk, &request, NULL, NULL, NULL);
	if (err == CAIRN_ERR_UNKNOWN)
		return desk_trouble(desk, err,
		    "nobody at the desk waits for this code: check it, and that 'cairn desk admit' still runs there");
	if (err == CAIRN_ERR_CONFLICT)
		return desk_trouble(desk, err,
		    "somebody else has used this code: begin anew, with a new code, and tell the security officer");
	return err;
}

int
mailbox_get(struct desk *desk, const uint8_t slot[JOIN_SLOT_BYTES], unsigned number, uint8_t out[JOIN_MESSAGE_MAX],
    size_t *ret_bytes)
{
	struct cairn_request request = {.method = "GET", .answer_max = JOIN_MESSAGE_MAX};
	const uint8_t *body;
	size_t bytes = 0;
	int err = CAIRN_ERR_UNKNOWN;

	*ret_bytes = 0;
	mailbox_path(request.path, slot, number);
	snprintf(request.path + strlen(request.path), 16, "?wait=%u", MAILBOX_WAIT_S);
	for (unsigned i = 0; i < MAILBOX_ROUNDS && err == CAIRN_ERR_UNKNOWN; i++) {
		if (i > 0)
			net_pause(NET_BACKOFF_MS); /* a slot that is gone answers at once */
		err = desk_exchange(desk, &request, NULL, &body, &bytes);
	}
	if (err == CAIRN_ERR_UNKNOWN)
		return desk_trouble(desk, CAIRN_ERR_STALE,
		    "the other device did not go on within half an hour: begin anew, with a new code");
	if (err == CAIRN_OK && (bytes == 0 || bytes > JOIN_MESSAGE_MAX))
		return desk_trouble(desk, CAIRN_ERR_FORMAT, "the relay gave no message of a device: tell its "
		    "operator");
	if (err == CAIRN_OK) {
		memcpy(out, body, bytes);
		*ret_bytes = bytes;
	}
	return err;
}
