// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/demo_screen.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/safe.h"

#define BOLD "\033[1m"
#define DIM "\033[2m"
#define GREEN "\033[32m"
#define PLAIN "\033[0m"

static unsigned headings;
static bool gap_there = true;

/* An escape sequence, for a terminal only. */
static const char *
style(const char *sequence)
{
	return isatty(STDOUT_FILENO) ? sequence : "";
}

void
screen_gap(void)
{
	if (!gap_there)
		putchar('\n');
	gap_there = true;
}

/* Ends what was printed on a line. */
static void
end_line(void)
{
	putchar('\n');
	fflush(stdout);
	gap_there = false;
}

void
screen_heading(const char *text)
{
	screen_gap();
	printf("%s%u. %s%s", style(BOLD), ++headings, text, style(PLAIN));
	end_line();
	screen_gap();
}

void
screen_say(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("   ");
	vprintf(format, args);
	va_end(args);
	end_line();
}

const char *
screen_path(const char *path)
{
	char here[4096];
	size_t length;

	if (getcwd(here, sizeof(here)) == NULL)
		return path;
	length = strlen(here);
	return strncmp(path, here, length) == 0 && path[length] == '/' ? path + length + 1 : path;
}

void
screen_command(const char *format, ...)
{
	va_list args;

	screen_gap();
	va_start(args, format);
	printf("   %s$ ", style(BOLD));
	vprintf(format, args);
	va_end(args);
	printf("%s", style(PLAIN));
	end_line();
}

void
screen_output(const char *text)
{
	while (*text != '\0') {
		size_t length = strcspn(text, "\n");

		printf("   %s|%s %.*s", style(DIM), style(PLAIN), (int)length, text);
		end_line();
		text += length + (text[length] == '\n');
	}
	screen_gap();
}

void
screen_copy(const char *text)
{
	screen_gap();
	printf("      %s", text);
	end_line();
	screen_gap();
}

void
screen_quote(const char *text)
{
	screen_gap();
	safe_text(stdout, (struct cairn_span){text, strlen(text)}, "      ");
	gap_there = false;
	screen_gap();
}

void
screen_good(const char *format, ...)
{
	va_list args;

	screen_gap();
	va_start(args, format);
	printf("   %s+%s ", style(GREEN), style(PLAIN));
	vprintf(format, args);
	va_end(args);
	end_line();
}
