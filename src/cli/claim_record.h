// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_CLAIM_RECORD_H
#define CAIRN_CLI_CLAIM_RECORD_H

#include "desk/desk.h"
#include "site/claim_rules.h"
#include "site/claim_secrets.h"

/*
 * Asks the record and the evidence of this device about the accounts that stand behind a claim: does each giver allow
 * publication without a name, and is each sealed here as an original, so that a court can be shown it? Sets what c
 * has of the record. CAIRN_ERR_NOMEM, errors of db.h.
 */
CAIRN_NODISCARD int claim_ask_record(struct claim_case *c, const struct claim_secrets *secrets, struct desk *desk);

#endif
