// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CORE_STATUS_H
#define CORE_STATUS_H

/* What a relay's status means to a machine (docs/http.md): CAIRN_OK for 200 and 204, else an error. */
int status_err(int status);

#endif
