// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/output.h"

#include <stdarg.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/exit.h"

static void __attribute__((format(printf, 1, 0)))
complain_list(const char *format, va_list args)
{
	fflush(stdout);
	fputs("cairn: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void
complain(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain_list(format, args);
	va_end(args);
}

int
fail(int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	complain_list(format, args);
	va_end(args);
	return code;
}

void
remark(const char *format, ...)
{
	va_list args;

	if (!isatty(STDERR_FILENO))
		return;
	fflush(stdout);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

int
print_json(json_t *object)
{
	int bad = object == NULL || json_dumpf(object, stdout, JSON_COMPACT) != 0 ||
	    putchar('\n') == EOF || fflush(stdout) != 0;

	json_decref(object);
	return bad ? fail(CAIRN_EXIT_STORAGE, "the result could not be written") : CAIRN_EXIT_OK;
}

json_t *
json_hex(const uint8_t *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	char text[256];

	if (2 * size > sizeof(text))
		return NULL;
	for (size_t i = 0; i < size; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	return json_stringn(text, 2 * size);
}

json_t *
json_span(struct cairn_span text)
{
	return json_stringn(text.size == 0 ? "" : text.text, text.size);
}

void
print_hex(FILE *out, const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", bytes[i]);
}

static bool
utc(struct tm *tm, uint64_t seconds)
{
	time_t t = (time_t)seconds;

	return gmtime_r(&t, tm) != NULL;
}

const char *
when_hour(char out[WHEN_BYTES], uint32_t hour)
{
	struct tm tm;

	if (!utc(&tm, (uint64_t)hour * 3600) || strftime(out, WHEN_BYTES, "%Y-%m-%d %H:00 UTC", &tm) == 0)
		(void)snprintf(out, WHEN_BYTES, "?");
	return out;
}

const char *
when_day(char out[WHEN_BYTES], uint32_t day)
{
	struct tm tm;

	if (!utc(&tm, (uint64_t)day * 86400) || strftime(out, WHEN_BYTES, "%Y-%m-%d", &tm) == 0)
		(void)snprintf(out, WHEN_BYTES, "?");
	return out;
}
