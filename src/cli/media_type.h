// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_MEDIA_TYPE_H
#define CAIRN_CLI_MEDIA_TYPE_H

/*
 * The media type that a file's name ends in; "application/octet-stream" for others. A hint for the desk, which must
 * look for itself.
 */
const char *media_type_of(const char *name);

#endif
