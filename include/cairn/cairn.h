// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_H
#define CAIRN_H

/*
 * libcairn: the Cairn protocol, version 1, without heap, clock or I/O. Call sodium_init() once
 * before anything else. docs/protocol.md is the specification, docs/architecture.md the map.
 */
#include "cairn/admission.h"
#include "cairn/board.h"
#include "cairn/campaign.h"
#include "cairn/collect.h"
#include "cairn/conversation.h"
#include "cairn/desk_keys.h"
#include "cairn/drop.h"
#include "cairn/err.h"
#include "cairn/feed.h"
#include "cairn/file.h"
#include "cairn/hash.h"
#include "cairn/hpke.h"
#include "cairn/look.h"
#include "cairn/note.h"
#include "cairn/opening.h"
#include "cairn/passphrase.h"
#include "cairn/send.h"
#include "cairn/span.h"
#include "cairn/staff.h"
#include "cairn/step.h"
#include "cairn/suspension.h"
#include "cairn/tlog.h"
#include "cairn/tlv.h"
#include "cairn/xwing.h"

#endif
