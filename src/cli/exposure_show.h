// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_EXPOSURE_SHOW_H
#define CAIRN_CLI_EXPOSURE_SHOW_H

#include "carry/exposure.h"
#include "cli/engine.h"

/* What devices know (carry/exposure.h), by the names that this device may see. */
CAIRN_NODISCARD int exposure_tell(struct engine *e, const struct exposure *x);
CAIRN_NODISCARD int exposure_json(struct engine *e, json_t **ret, const struct exposure *x);

#endif
