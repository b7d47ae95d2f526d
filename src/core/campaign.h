// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CORE_CAMPAIGN_H
#define CAIRN_CORE_CAMPAIGN_H

#include "cairn/campaign.h"

/* The contents of the campaign door's records, as tlv_content.c calls for them; day is not looked at. */
CAIRN_NODISCARD int campaign_signature_check(const struct cairn_record *record, uint32_t day);
CAIRN_NODISCARD int campaign_country_check(const struct cairn_record *record, uint32_t day);
CAIRN_NODISCARD int campaign_e_mail_check(const struct cairn_record *record, uint32_t day);
CAIRN_NODISCARD int campaign_comment_check(const struct cairn_record *record, uint32_t day);
CAIRN_NODISCARD int campaign_proof_check(const struct cairn_record *record, uint32_t day);
CAIRN_NODISCARD int campaign_gathering_check(const struct cairn_record *record, uint32_t day);
CAIRN_NODISCARD int campaign_withdrawal_check(const struct cairn_record *record, uint32_t day);

#endif
