// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_SITE_PICTURE_H
#define CAIRN_SITE_PICTURE_H

#include "site/page.h"

/*
 * Pictures to share, drawn by a program of its own (cairn-picture): it alone is linked with libvips, and it is called
 * once for all that are missing. Those pages have no render. *written grows by how many were drawn.
 */
CAIRN_NODISCARD int pictures_draw(struct pages *pages, int out, size_t *written);

#endif
