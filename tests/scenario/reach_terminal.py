# SPDX-License-Identifier: GPL-3.0-or-later
#
# cairn at a terminal: what it shows, what it hides, and how it leaves the terminal. Prints TAP.
#
#	reach_terminal.py CAIRN CAIRND
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../lib")
from reach import Reach, check, end, run  # noqa: E402

cairn, cairnd = sys.argv[1:3]


class Terminal:
    """A program with a terminal of its own."""

    def __init__(self, *words):
        self.said = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execv(cairn, ("cairn",) + words)

    def wait_for(self, text, seconds=30):
        end = time.time() + seconds
        while text not in self.said and time.time() < end:
            if not select.select([self.fd], [], [], 0.2)[0]:
                continue
            try:
                got = os.read(self.fd, 65536)
            except OSError:
                break
            if not got:
                break
            self.said += got.decode(errors="replace").replace("\r\n", "\n")
        return text in self.said

    def type(self, text):
        os.write(self.fd, text.encode())

    def echo(self):
        return bool(termios.tcgetattr(self.fd)[3] & termios.ECHO)

    def end(self):
        self.wait_for("\0never", 60)
        status = os.waitpid(self.pid, 0)[1]
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


def write_with_new_words(address, sock):
    t = Terminal("person", "write", "--desk", address, "--socket", sock, "--new")
    check("a new passphrase is shown on a screen of its own",
          t.wait_for("type it again.") and "\033[?1049h" in t.said, t.said)
    words = re.search(r"\n    ([a-z -]+)\n", t.said).group(1)
    check("it has six words", len(words.split(" ")) == 6, words)
    t.type("\n")
    t.wait_for("for each right word")
    check("the screen is left before it is typed again", "\033[?1049l" in t.said, t.said)
    time.sleep(0.3)
    check("nothing typed is echoed", not t.echo())
    before = len(t.said)
    first, rest = words.split(" ", 1)
    t.type(first + " zooom ")
    check("a word that is not on the list is pointed out at once", t.wait_for("Word 2 is not on the list"), t.said)
    t.type(rest + "\n")
    check("the text is asked for then", t.wait_for("Write the message."), t.said)
    check("no word is on the screen", not any(word in t.said[before:] for word in words.split(" ")), t.said[before:])
    time.sleep(0.3)
    check("what is typed is echoed again", t.echo())
    t.type("Здравствуйте\nI am here.\n.\n")
    check("the relay's receipt is told", t.wait_for("kept by the relay: 1 letter."), t.said)
    check("it ends well", t.end() == 0, t.said)
    return words


def look(reach, words):
    inbox = json.loads(reach.staff("inbox", "--all", "--json"))
    evil = "Good news\033[2J\033]0;title\007 and \u202etxet"
    reach.staff("reply", inbox["conversations"][0]["alias"], input=evil)
    reach.tick()
    t = Terminal("person", "look", "--desk", reach.address, "--socket", reach.sock, "--wipe")
    t.wait_for("for each right word")
    time.sleep(0.3)
    t.type(words.upper() + "\n")
    check("capitals are the same words", t.wait_for("Good news"), t.said)
    t.wait_for("Enter clears")
    check("what is in a message is not obeyed", "\033[2J\033]0" not in t.said and "<U+001B>[2J" in t.said and
          "\u202e" not in t.said, t.said)
    t.type("\n")
    code = t.end()
    check("screen and scrollback are cleared at the end", code == 0 and "\033[3J" in t.said, t.said)


def interrupted(address, sock):
    t = Terminal("person", "look", "--desk", address, "--socket", sock)
    t.wait_for("for each right word")
    time.sleep(0.3)
    t.type("zoom zoom ")
    t.wait_for("* *")
    t.type("\x03")
    time.sleep(0.5)
    good = t.echo()
    check("Ctrl-C gives the echo back", t.end() == -signal.SIGINT and good, t.said)


def gives_up(address, sock):
    t = Terminal("person", "look", "--desk", address, "--socket", sock)
    t.wait_for("for each right word")
    time.sleep(0.3)
    t.type("\x04")
    check("the end of input ends it", t.end() == 1 and "no passphrase was given" in t.said, t.said)


def in_a_pipe(address, sock):
    done = subprocess.run(["setsid", "-w", cairn, "person", "look", "--desk", address, "--socket", sock],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    check("without a terminal it says what to give", done.returncode == 1 and "--passphrase-fd" in done.stderr,
          done.stderr)


with Reach(cairn, cairnd) as reach:
    words = write_with_new_words(reach.address, reach.sock)
    reach.tick()
    look(reach, words)
    interrupted(reach.address, reach.sock)
    gives_up(reach.address, reach.sock)
    in_a_pipe(reach.address, reach.sock)
sys.exit(end())
