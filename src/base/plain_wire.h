// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef CAIRN_BASE_PLAIN_WIRE_H
#define CAIRN_BASE_PLAIN_WIRE_H

/*
 * What cairnd and cairn-plain say to each other, over a socket for each slot: one message is one request, and one
 * the answer, which begins with the request's tag, so that an answer that came too late is nobody else's.
 *
 *	request  tag[16] desk_id[32] u8 flags || the body of the form
 *	answer   tag[16] u16 status || HTML, packed by gzip where the request said so
 */
#define PLAIN_ROOT 1U   /* flags: it was asked for at / */
#define PLAIN_PACKED 2U /* the browser takes gzip */
#define PLAIN_FIRST_FD 3 /* of the slots' sockets, in cairn-plain */
#define PLAIN_SLOTS_MAX 16U
#define PLAIN_TAG_BYTES 16U
#define PLAIN_ASK_HEAD (PLAIN_TAG_BYTES + 32U + 1U)
#define PLAIN_ANSWER_HEAD (PLAIN_TAG_BYTES + 2U)
#define PLAIN_BODY_MAX 131072U
#define PLAIN_HTML_MAX 160000U
#define PLAIN_SECONDS 90U /* that a request may take */

#endif
