// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_RELAY_SUSPENSION_H
#define CAIRN_RELAY_SUSPENSION_H

#include "relay/request.h"

/* A suspension comes (docs/http.md): from anyone, since it says itself by whom it is. */
void suspension_post(struct request *request);

#endif
