// SPDX-License-Identifier: GPL-3.0-or-later
#include "plain/pad.h"

#include <string.h>

#include <gio/gio.h>

#include "base/plain_wire.h"

#define SIZES 4U
static const size_t plain_sizes[SIZES] = {8000, 16000, 64000, PLAIN_HTML_MAX};
static const size_t packed_sizes[SIZES] = {4000, 8000, 24000, 80000};

/* gzip (RFC 1952): the padding is an extra field, whose length has 16 bits. No step is wider. */
#define GZIP_HEAD 10U
#define GZIP_FLAGS 3U
#define GZIP_EXTRA 4U
#define GZIP_LENGTH 2U

static int
pad_plain(char **ret, size_t *ret_bytes, const char *html, size_t bytes)
{
	for (size_t i = 0; i < SIZES; i++) {
		if (bytes > plain_sizes[i])
			continue;
		*ret = g_malloc(plain_sizes[i]);
		*ret_bytes = plain_sizes[i];
		memcpy(*ret, html, bytes);
		memset(*ret + bytes, '\n', plain_sizes[i] - bytes);
		return CAIRN_OK;
	}
	return CAIRN_ERR_SPACE;
}

/* How long it became; 0: it did not fit. */
static size_t
pack(char *room, size_t size, const char *html, size_t bytes)
{
	GZlibCompressor *z = g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
	GConverterResult result = G_CONVERTER_CONVERTED;
	size_t taken = 0, used = 0;

	while (result == G_CONVERTER_CONVERTED && used < size) {
		gsize got = 0, put = 0;

		result = g_converter_convert(G_CONVERTER(z), html + taken, bytes - taken, room + used, size - used,
		    G_CONVERTER_INPUT_AT_END, &got, &put, NULL);
		taken += got;
		used += put;
	}
	g_object_unref(z);
	return result == G_CONVERTER_FINISHED ? used : 0;
}

static int
pad_gzip(char **ret, size_t *ret_bytes, const char *gzip, size_t bytes, size_t least)
{
	size_t i = least, extra;

	while (i < SIZES && bytes + GZIP_LENGTH > packed_sizes[i])
		i++;
	if (bytes <= GZIP_HEAD || i == SIZES)
		return CAIRN_ERR_SPACE;
	extra = packed_sizes[i] - bytes - GZIP_LENGTH;
	*ret = g_malloc0(packed_sizes[i]);
	*ret_bytes = packed_sizes[i];
	memcpy(*ret, gzip, GZIP_HEAD);
	(*ret)[GZIP_FLAGS] = (char)((*ret)[GZIP_FLAGS] | GZIP_EXTRA);
	(*ret)[GZIP_HEAD] = (char)(extra & 0xff);
	(*ret)[GZIP_HEAD + 1] = (char)(extra >> 8);
	memcpy(*ret + GZIP_HEAD + GZIP_LENGTH + extra, gzip + GZIP_HEAD, bytes - GZIP_HEAD);
	return CAIRN_OK;
}

int
pad_answer(char **ret, size_t *ret_bytes, const char *html, size_t bytes, const struct padding *padding)
{
	char *room;
	int err;

	*ret = NULL;
	if (!padding->packed)
		return pad_plain(ret, ret_bytes, html, bytes);
	room = g_malloc(PLAIN_HTML_MAX);
	err = pad_gzip(ret, ret_bytes, room, pack(room, PLAIN_HTML_MAX, html, bytes), padding->wide);
	explicit_bzero(room, PLAIN_HTML_MAX);
	g_free(room);
	return err;
}
