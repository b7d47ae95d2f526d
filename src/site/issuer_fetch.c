// SPDX-License-Identifier: GPL-3.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/call.h"
#include "site/fault.h"
#include "site/issuer.h"

#define DISCOVERY "/.well-known/openid-configuration"
#define ADDRESS_ROOM 400U
#define HTTP_OK 200L

/* answer->out is the caller's to free, in any case. */
static int
get(struct net_answer *answer, const char *url, const char *proxy, struct site_fault *fault)
{
	const struct net_call call = {.method = "GET", .url = url, .proxy = proxy};
	char why[256];
	int err;

	*answer = (struct net_answer){.out = malloc(ISSUER_BYTES_MAX), .room = ISSUER_BYTES_MAX};
	if (answer->out == NULL)
		return fault_set(fault, CAIRN_ERR_NOMEM, url, 0, "out of memory");
	err = net_call_do(&call, answer, why);
	if (err == CAIRN_OK && answer->status != HTTP_OK)
		err = fault_set(fault, CAIRN_ERR_IO, url, 0, "it answers %ld", answer->status);
	else if (err != CAIRN_OK)
		err = fault_set(fault, err == CAIRN_ERR_RANGE ? err : CAIRN_ERR_IO, url, 0, "%s", why);
	return err;
}

static struct cairn_span
text_in(const struct net_answer *answer)
{
	return (struct cairn_span){(const char *)answer->out, answer->bytes};
}

/* The issuer's own words, then its keys; nothing of either is believed that is not checked. */
int
issuer_fetch(GString *out, const struct issuer *issuer, const char *proxy, uint32_t today, struct site_fault *fault)
{
	struct net_answer discovery, keys = {.out = NULL};
	char url[ADDRESS_ROOM], *address = NULL;
	size_t size = strlen(issuer->address);
	int err;

	if (size > 0 && issuer->address[size - 1] == '/')
		size--;
	(void)snprintf(url, sizeof url, "%.*s%s", (int)size, issuer->address, DISCOVERY);
	err = get(&discovery, url, proxy, fault);
	if (err == CAIRN_OK && (address = issuer_keys_address(issuer, text_in(&discovery), fault)) == NULL)
		err = CAIRN_ERR_FORMAT;
	if (err == CAIRN_OK)
		err = get(&keys, address, proxy, fault);
	if (err == CAIRN_OK)
		err = issuer_file(out, issuer, text_in(&discovery), text_in(&keys), today, fault);
	free(discovery.out);
	free(keys.out);
	g_free(address);
	return err;
}
