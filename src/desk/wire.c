// SPDX-License-Identifier: GPL-3.0-or-later
#include "desk/wire.h"

#include <time.h>

#include <sodium.h>

struct wire {
	struct desk *desk;
	struct net *net;
	struct net_url url;
};

/* Called anew for every try: a nonce is good for one request, and the clock goes on. */
static int
wire_sign(void *arg, char authorization[CAIRN_AUTHORIZATION_MAX], const struct cairn_staff_request *request)
{
	const struct desk_self *self = &((struct wire *)arg)->desk->self;
	struct cairn_authorization auth = {.created = (uint64_t)time(NULL)};

	memcpy(auth.device, self->device_id, sizeof(auth.device));
	randombytes_buf(auth.nonce, sizeof(auth.nonce));
	return cairn_authorization_make(authorization, &auth, request, self->sign_secret);
}

static int
wire_exchange(void *arg, const struct cairn_request *request, const uint8_t **body, size_t *bytes)
{
	struct wire *wire = arg;
	struct net_answer answer;

	*body = NULL;
	*bytes = 0;
	if (net_do(wire->net, request, &answer) != CAIRN_OK)
		return CAIRN_NO_ANSWER;
	*body = answer.body;
	*bytes = answer.bytes;
	return answer.status;
}

static int
wire_url(struct net_url *url, const struct desk_self *self)
{
	char text[NET_URL_MAX];
	char id[2 * CAIRN_HASH_BYTES + 1];
	int n;

	sodium_bin2hex(id, sizeof(id), self->desk_id, sizeof(self->desk_id));
	n = snprintf(text, sizeof(text), "%s/d/%s/", self->relay_url, id);
	return n < 0 || (size_t)n >= sizeof(text) ? CAIRN_ERR_FORMAT : net_url_read(url, text);
}

int
wire_new(struct wire **ret, struct desk *desk, const char *proxy, const char *unix_socket)
{
	struct wire *wire = calloc(1, sizeof(*wire));
	struct net_options options = {.proxy = proxy, .unix_socket = unix_socket, .sign = wire_sign};
	int err;

	*ret = NULL;
	if (wire == NULL)
		return CAIRN_ERR_NOMEM;
	wire->desk = desk;
	err = wire_url(&wire->url, &desk->self);
	if (err == CAIRN_OK) {
		options.url = &wire->url;
		options.sign_arg = wire;
		options.relay_key = desk->self.relay_key;
		err = net_new(&wire->net, &options);
	}
	if (err != CAIRN_OK) {
		wire_free(wire);
		return err;
	}
	desk->wire = (struct desk_wire){wire_exchange, wire};
	*ret = wire;
	return CAIRN_OK;
}

void
wire_free(struct wire *wire)
{
	if (wire == NULL)
		return;
	net_free(wire->net);
	free(wire);
}

const char *
wire_why(const struct wire *wire)
{
	return net_why(wire->net);
}
