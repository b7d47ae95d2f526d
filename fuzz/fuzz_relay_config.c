// SPDX-License-Identifier: GPL-3.0-or-later
#include <string.h>

#include "fuzz.h"
#include "relay/config.h"

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct cairn_span text = {(const char *)bytes, size};
	struct config_error error;
	struct config config;

	config_defaults(&config);
	if (config_read(&config, &error, text) != CAIRN_OK) {
		FUZZ_CHECK(error.text[0] != '\0' && memchr(error.text, '\0', sizeof error.text) != NULL);
		return 0;
	}
	FUZZ_CHECK(config.listen_count <= CONFIG_LISTEN_MAX && config.threads >= 1 && config.threads <= 64);
	FUZZ_CHECK(config.connections >= 8 && config.rate >= 1 && config.socket_mode <= 0777);
	FUZZ_CHECK(memchr(config.data, '\0', sizeof config.data) != NULL && config.data[0] == '/');
	/* Nothing but loopback unless it was said. */
	if (config_check(&config, &error) == CAIRN_OK && !config.anywhere)
		for (size_t i = 0; i < config.listen_count; i++)
			FUZZ_CHECK(config.listens[i].kind == CONFIG_LISTEN_UNIX ||
			    strncmp(config.listens[i].address, "127.", 4) == 0 ||
			    strcmp(config.listens[i].address, "::1") == 0);
	return 0;
}
