// SPDX-License-Identifier: GPL-3.0-or-later
#include "relay/staff.h"

#include <stdlib.h>
#include <string.h>

#include "relay/clock.h"
#include "relay/desks.h"
#include "relay/http.h"
#include "relay/nonces.h"
#include "relay/suspended.h"

/* Who may empty a door. */
static const char *const door_roles[CONFIG_DOORS] = {
	[CAIRN_DOOR_INTAKE] = "intake",
	[CAIRN_DOOR_CAMPAIGN] = "publish",
};

/* NULL: any will do. */
static const char *
role_of(const struct request *request)
{
	if (request->route->flags & ROUTE_PUBLISH)
		return "publish";
	return request->route->flags & ROUTE_DOOR ? door_roles[request->match.door] : NULL;
}

static bool
in_window(uint64_t created, uint64_t now)
{
	uint64_t apart = created > now ? created - now : now - created;

	return apart <= CAIRN_REQUEST_WINDOW_S;
}

/* CAIRN_ERR_DENIED: it is. */
static int
check_suspended(const struct request *request, uint64_t serial)
{
	struct suspended *suspended = malloc(sizeof *suspended);
	int err = suspended == NULL ? CAIRN_ERR_NOMEM :
	    suspended_load(suspended, request->relay->data, request->match.desk, serial);

	if (err == CAIRN_OK && suspended_has(suspended, request->authorization.device))
		err = CAIRN_ERR_DENIED;
	free(suspended);
	return err;
}

/* Copies the device's key. CAIRN_ERR_DENIED: it has not the role, or is suspended. */
static int
find_device(struct request *request)
{
	const char *role = role_of(request);
	struct cairn_roster roster;
	struct cairn_device device;
	uint8_t *bytes;
	int err = desk_roster(&roster, &bytes, request->relay->data, request->match.desk);

	if (err != CAIRN_OK)
		return err;
	err = cairn_roster_find(&device, &roster, request->authorization.device, clock_hour() / 24);
	if (err == CAIRN_OK && role != NULL && !cairn_device_has_role(&device, role))
		err = CAIRN_ERR_DENIED;
	if (err == CAIRN_OK)
		err = check_suspended(request, roster.serial);
	if (err == CAIRN_OK)
		memcpy(request->sign_key, device.sign_key, sizeof request->sign_key);
	free(bytes);
	return err;
}

bool
staff_still(struct request *request)
{
	return find_device(request) == CAIRN_OK;
}

unsigned
staff_begin(struct request *request)
{
	struct cairn_span value = request_header(request, MHD_HTTP_HEADER_AUTHORIZATION);

	if (value.text == NULL || cairn_authorization_read(&request->authorization, value) != CAIRN_OK ||
	    !in_window(request->authorization.created, clock_seconds()) || find_device(request) != CAIRN_OK)
		return MHD_HTTP_UNAUTHORIZED;
	return 0;
}

/*
 * Rosters and suspensions are taken in this thread too: once one has been, no request of a device that it shuts out
 * gets through, however long ago its headers came. A nonce is used up only by a request that nothing else refuses.
 */
static unsigned
check(struct request *request)
{
	const struct cairn_authorization *auth = &request->authorization;
	struct cairn_staff_request signed_request = {
		.relay_key = request->relay->key->public_key,
		.desk_id = request->match.desk,
		.method = {request->method, strlen(request->method)},
		.target = {request->target, request->target_bytes},
	};
	uint64_t now = clock_seconds();

	if (!staff_still(request))
		return MHD_HTTP_UNAUTHORIZED;
	crypto_hash_sha256(signed_request.body_hash, request->body, request->body_bytes);
	if (cairn_authorization_check(auth, &signed_request, request->sign_key, now) != CAIRN_OK)
		return MHD_HTTP_UNAUTHORIZED;
	switch (nonces_use(request->relay->nonces, auth->device, auth->nonce, auth->created, now)) {
	case CAIRN_OK:
		return 0;
	case CAIRN_ERR_BUSY:
		return MHD_HTTP_SERVICE_UNAVAILABLE;
	default:
		return MHD_HTTP_UNAUTHORIZED;
	}
}

void
staff_finish(struct request *request)
{
	struct relay *relay = request->relay;
	unsigned refused = check(request);

	relay->left_waiting = false;
	if (refused != 0)
		request->status = refused;
	else
		request->route->finish(request);
	if (!relay->left_waiting)
		request_resume(request);
}
