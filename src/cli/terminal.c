// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/terminal.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/*
 * Kept for the signal handler alone: the terminal that is quiet or on its second screen, and how it was.
 */
static volatile sig_atomic_t quiet_fd = -1;
static volatile sig_atomic_t screen_fd = -1;
static struct termios before;

static const char screen_on[] = "\033[?1049h\033[H\033[2J";
static const char screen_off[] = "\033[H\033[2J\033[?1049l";

static void
put_back(int signal_number)
{
	if (screen_fd >= 0)
		(void)!write(screen_fd, screen_off, sizeof(screen_off) - 1);
	if (quiet_fd >= 0)
		(void)tcsetattr(quiet_fd, TCSANOW, &before);
	(void)signal(signal_number, SIG_DFL);
	(void)raise(signal_number);
}

static void
guard(void)
{
	static const int ends[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
	struct sigaction action = {.sa_handler = put_back};

	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		(void)sigaction(ends[i], &action, NULL);
}

int
terminal_open(struct terminal *t)
{
	t->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	t->out = t->fd < 0 ? NULL : fdopen(t->fd, "w");
	if (t->out == NULL) {
		if (t->fd >= 0)
			(void)close(t->fd);
		t->fd = -1;
		return CAIRN_ERR_IO;
	}
	(void)setvbuf(t->out, NULL, _IONBF, 0);
	return CAIRN_OK;
}

void
terminal_close(struct terminal *t)
{
	if (t->out == NULL)
		return;
	terminal_loud(t);
	terminal_screen_leave(t);
	(void)fclose(t->out);
	t->out = NULL;
	t->fd = -1;
}

bool
terminal_there(void)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return false;
	(void)close(fd);
	return true;
}

int
terminal_quiet(struct terminal *t)
{
	struct termios quiet;

	if (quiet_fd == t->fd)
		return CAIRN_OK;
	if (tcgetattr(t->fd, &before) != 0)
		return CAIRN_ERR_IO;
	guard();
	quiet = before;
	quiet.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON);
	quiet.c_cc[VMIN] = 1;
	quiet.c_cc[VTIME] = 0;
	quiet_fd = t->fd;
	return tcsetattr(t->fd, TCSAFLUSH, &quiet) == 0 ? CAIRN_OK : CAIRN_ERR_IO;
}

void
terminal_loud(struct terminal *t)
{
	if (quiet_fd != t->fd)
		return;
	(void)tcsetattr(t->fd, TCSAFLUSH, &before);
	quiet_fd = -1;
}

int
terminal_byte(struct terminal *t)
{
	unsigned char byte;
	ssize_t got;

	do
		got = read(t->fd, &byte, 1);
	while (got < 0 && errno == EINTR);
	return got == 1 ? byte : -1;
}

void
terminal_screen_enter(struct terminal *t)
{
	guard();
	screen_fd = t->fd;
	fputs(screen_on, t->out);
}

void
terminal_screen_leave(struct terminal *t)
{
	if (screen_fd != t->fd)
		return;
	fputs(screen_off, t->out);
	screen_fd = -1;
}

void
terminal_wipe(struct terminal *t)
{
	fputs("\033[H\033[2J\033[3J", t->out);
}

int
terminal_line(struct terminal *t, const char *prompt, char *line, size_t room)
{
	size_t used = 0;
	int byte;

	fputs(prompt, t->out);
	while ((byte = terminal_byte(t)) >= 0 && byte != '\n') {
		if (used + 1 < room)
			line[used] = (char)byte;
		used++;
	}
	line[used < room ? used : room - 1] = '\0';
	if (byte < 0 && used == 0)
		return CAIRN_ERR_IO;
	return used < room ? CAIRN_OK : CAIRN_ERR_SPACE;
}

void
terminal_enter(struct terminal *t, const char *prompt)
{
	int byte;

	fputs(prompt, t->out);
	do
		byte = terminal_byte(t);
	while (byte >= 0 && byte != '\n');
}

int
terminal_choice(struct terminal *t, const char *prompt, const char *choices)
{
	char line[16] = "";
	int err;

	for (;;) {
		err = terminal_line(t, prompt, line, sizeof(line));
		if (err == CAIRN_ERR_IO)
			return -1;
		line[0] = (char)tolower((unsigned char)line[0]);
		if (err == CAIRN_OK && line[0] != '\0' && line[1] == '\0' && strchr(choices, line[0]) != NULL)
			return line[0];
	}
}
