// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_CLI_COMMANDS_H
#define CAIRN_CLI_COMMANDS_H

#include <stddef.h>

#include "cli/options.h"

/* What each cmd_<name>.c gives to the table in commands.c. Sorted. */
#define COMMAND_DECLARE(call)                                       \
	int cmd_##call(const void *options, int argc, char **argv); \
	extern const struct option_table call##_options

COMMAND_DECLARE(case_add);
COMMAND_DECLARE(case_close);
COMMAND_DECLARE(case_destroy);
COMMAND_DECLARE(case_drop);
COMMAND_DECLARE(case_list);
COMMAND_DECLARE(case_member);
COMMAND_DECLARE(case_new);
COMMAND_DECLARE(case_note);
COMMAND_DECLARE(case_open);
COMMAND_DECLARE(case_reopen);
COMMAND_DECLARE(case_retract);
COMMAND_DECLARE(case_set);
COMMAND_DECLARE(case_show);
COMMAND_DECLARE(case_state);
COMMAND_DECLARE(claim_approve);
COMMAND_DECLARE(claim_draft);
COMMAND_DECLARE(claim_key);
COMMAND_DECLARE(claim_open);
COMMAND_DECLARE(claim_publish);
COMMAND_DECLARE(demo);
COMMAND_DECLARE(desk_admit);
COMMAND_DECLARE(desk_ask);
COMMAND_DECLARE(desk_backup);
COMMAND_DECLARE(desk_captured);
COMMAND_DECLARE(desk_card);
COMMAND_DECLARE(desk_collect);
COMMAND_DECLARE(desk_consent);
COMMAND_DECLARE(desk_devices);
COMMAND_DECLARE(desk_exposure);
COMMAND_DECLARE(desk_file);
COMMAND_DECLARE(desk_grow);
COMMAND_DECLARE(desk_inbox);
COMMAND_DECLARE(desk_init);
COMMAND_DECLARE(desk_join);
COMMAND_DECLARE(desk_roles);
COMMAND_DECLARE(desk_shares);
COMMAND_DECLARE(desk_lost);
COMMAND_DECLARE(desk_open);
COMMAND_DECLARE(desk_page);
COMMAND_DECLARE(desk_passphrase);
COMMAND_DECLARE(desk_publish);
COMMAND_DECLARE(desk_publisher);
COMMAND_DECLARE(desk_read);
COMMAND_DECLARE(desk_reply);
COMMAND_DECLARE(desk_restore);
COMMAND_DECLARE(desk_retention);
COMMAND_DECLARE(desk_seed_cover);
COMMAND_DECLARE(desk_sync);
COMMAND_DECLARE(desk_tasks);
COMMAND_DECLARE(desk_token);
COMMAND_DECLARE(desk_vault);
COMMAND_DECLARE(evidence_add);
COMMAND_DECLARE(evidence_authority);
COMMAND_DECLARE(evidence_copy);
COMMAND_DECLARE(evidence_erase);
COMMAND_DECLARE(evidence_export);
COMMAND_DECLARE(evidence_give);
COMMAND_DECLARE(evidence_list);
COMMAND_DECLARE(evidence_open);
COMMAND_DECLARE(evidence_redact);
COMMAND_DECLARE(evidence_show);
COMMAND_DECLARE(evidence_stamp);
COMMAND_DECLARE(person_attach);
COMMAND_DECLARE(person_look);
COMMAND_DECLARE(person_new);
COMMAND_DECLARE(person_write);
COMMAND_DECLARE(petition_close);
COMMAND_DECLARE(petition_confirm);
COMMAND_DECLARE(petition_list);
COMMAND_DECLARE(petition_publish);
COMMAND_DECLARE(petition_show);
COMMAND_DECLARE(petition_take);
COMMAND_DECLARE(petition_write);
COMMAND_DECLARE(record_bundle);
COMMAND_DECLARE(record_export);
COMMAND_DECLARE(record_fields);
COMMAND_DECLARE(record_import);
COMMAND_DECLARE(record_independence);
COMMAND_DECLARE(record_key);
COMMAND_DECLARE(record_list);
COMMAND_DECLARE(record_new);
COMMAND_DECLARE(record_note);
COMMAND_DECLARE(record_open);
COMMAND_DECLARE(record_retract);
COMMAND_DECLARE(record_search);
COMMAND_DECLARE(record_set);
COMMAND_DECLARE(record_show);
COMMAND_DECLARE(record_verify);
COMMAND_DECLARE(record_vocab);
COMMAND_DECLARE(site_accept);
COMMAND_DECLARE(site_build);
COMMAND_DECLARE(site_post);
COMMAND_DECLARE(site_letters);
COMMAND_DECLARE(site_issuer);
COMMAND_DECLARE(site_prove);
COMMAND_DECLARE(site_publish);
COMMAND_DECLARE(site_refuse);
COMMAND_DECLARE(verify_board);
COMMAND_DECLARE(verify_card);
COMMAND_DECLARE(verify_claim);
COMMAND_DECLARE(verify_evidence);
COMMAND_DECLARE(verify_give);
COMMAND_DECLARE(verify_opening);
COMMAND_DECLARE(verify_page);
COMMAND_DECLARE(verify_receipt);
COMMAND_DECLARE(verify_site);

#endif
