// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef WEB_WASM_EXPORTS_H
#define WEB_WASM_EXPORTS_H

#include <stddef.h>
#include <stdint.h>

/*
 * libcairn as the page sees it: what is exported from core.wasm, and nothing else. Numbers go as numbers; all
 * bytes and text go through one room, web_io(): the page writes there before a call, reads there after it.
 * "Gives" means: writes to web_io() and returns how many bytes, or a negative cairn_err. Everything
 * secret stands in memory of this module until web_forget().
 */

#define WEB_IO_BYTES 524288U

/* The three machines (include/cairn/step.h). */
#define WEB_LOOK 0U
#define WEB_SEND 1U
#define WEB_ATTACH 2U

int web_begin(void); /* once, before all else */
void web_forget(void); /* wipes everything; begin again with web_client() */
uint8_t *web_io(void);
size_t web_io_bytes(void);

/* Which desk: desk_id[32], and identity key[32] where it is known. hour is the browser's clock. */
int web_client(size_t bytes, uint32_t hour, int confirmed);

/* New words of list 0, 1, ... (cairn_wordlists), or digits for a number behind the last. Gives the words. */
int web_words_new(unsigned list);
/*
 * Words as they were typed, and right behind them the same in NFKC and lower case.
 * CAIRN_ERR_UNKNOWN: web_words_bad() is not on the list.
 */
int web_words_read(size_t typed, size_t folded);
unsigned web_words_bad(void);
/* Words to keys: the slow step, for the words made or read last. Begins a new session. */
int web_words_open(void);

/* Letters: the cells to be sent, 0 and on. The text is cut over as many as it takes, the first already begun. */
int web_letter_begin(unsigned i);
int web_letter_put(unsigned i, unsigned type, size_t bytes);
int web_letter_put_manifest(unsigned i);              /* of the file attached last */
int web_letter_put_second(unsigned i, size_t typed, size_t folded); /* a second conversation's words; slow */
int web_letter_text(size_t bytes);                    /* returns how many letters there are now */

void web_look(int has_named, uint32_t named, int all);
void web_send(unsigned door, size_t count);
/* To the campaign door, without hello: nobody is behind it. */
void web_send_unnamed(size_t count);
/* A petition's name in web_io(): draws a code. Gives code[16] and mark[32] (cairn/campaign.h). */
int web_code_new(size_t bytes);
/* code[16] and the petition's name in web_io(): gives mark[32]. */
int web_mark(size_t bytes);
/* A comment in web_io(), one part behind the other: gives its hash[32] for a home page (cairn/campaign.h). */
int web_comment(size_t entry, size_t name, size_t words);
/*
 * The same: draws what proving an OpenID Connect identity for it takes. Gives blind[16], nonce[32], state[16], and
 * PKCE's verifier and challenge (RFC 7636, S256), 43 characters each.
 */
int web_openid_new(size_t entry, size_t name, size_t words);
int web_attach(unsigned door, uint32_t size, size_t type_bytes); /* media type in web_io() */

int web_next(unsigned machine); /* enum cairn_step */
void web_answer(unsigned machine, int status, size_t bytes);
int web_err(unsigned machine);
uint32_t web_pause_ms(unsigned machine);
int web_request_method(unsigned machine); /* gives */
int web_request_path(unsigned machine);   /* gives */
int web_request_work(unsigned machine);   /* gives; 0 bytes: none */
const uint8_t *web_request_body(unsigned machine);
size_t web_request_body_bytes(unsigned machine);
size_t web_request_answer_max(unsigned machine);

/* CAIRN_STEP_READ: put web_piece_bytes() of the file from web_piece_at() on into web_piece(). */
uint8_t *web_piece(void);
uint32_t web_piece_at(void);
size_t web_piece_bytes(void);
void web_piece_read(size_t got);
void web_attach_resume(void);
uint32_t web_attach_sent(void);
uint32_t web_attach_count(void);

/* After a look: messages, and their records one after the other (gives the value; 0: no more). */
size_t web_found(void);
int web_found_more(void);
uint32_t web_found_hour(size_t i);
int web_found_open(size_t i);
int web_record_next(void);
size_t web_record_bytes(void);

size_t web_sent(void); /* cells that the relay gave a receipt for */

/* What the desk says of itself, after a machine has opened its board. */
uint32_t web_board_hour(unsigned machine);
int web_card_name(unsigned machine);                   /* gives */
int web_card_never_asks(unsigned machine, unsigned i); /* gives; CAIRN_ERR_UNKNOWN: no more */

#endif
