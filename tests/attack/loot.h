// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef ATTACK_LOOT_H
#define ATTACK_LOOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What an attacker takes of a machine, byte for byte behind each other, to be searched. What cannot happen aborts. */
struct loot {
	uint8_t *bytes;
	size_t size;
};

void loot_add(struct loot *loot, const void *bytes, size_t size);
void loot_file(struct loot *loot, const char *path);
/* All files below a folder, and their names. */
void loot_folder(struct loot *loot, const char *folder);
void loot_release(struct loot *loot);

bool loot_has(const struct loot *loot, const void *what, size_t size);
bool loot_has_text(const struct loot *loot, const char *text);

#endif
