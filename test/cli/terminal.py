"""Runs a program on a terminal of its own and talks to it.

Reads from stdin: {"argv": [...], "env": {...}, "cwd": "...", "stdout": "pipe" | "terminal", "columns": 80,
                   "talk": [{"until": "text on the screen", "type": "text"} | {"until": "...", "signal": "SIGTERM"} |
                            {"afterMs": 20, "type": "text"} | {"onceSilent": true, "type": "text"}]}
Prints: {"code": 0, "screen": "...", "stdout": "...", "restored": true, "unsaid": 0, "echoed": [true]}: whether the terminal
        still echoed at each step that was typed ahead
"""

import fcntl, json, os, select, signal, struct, subprocess, sys, termios, time

LIMIT_SECONDS = 40

wanted = json.load(sys.stdin)
master, slave = os.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, wanted.get("columns", 100), 0, 0))
before = termios.tcgetattr(slave)
out_read, out_write = os.pipe()


def take_terminal():
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


started = time.monotonic()
child = subprocess.Popen(
    wanted["argv"],
    env=wanted["env"],
    cwd=wanted.get("cwd"),
    stdin=slave,
    stderr=slave,
    stdout=slave if wanted.get("stdout") == "terminal" else out_write,
    preexec_fn=take_terminal,
)
os.close(out_write)


def echoes():
    return bool(termios.tcgetattr(slave)[3] & termios.ECHO)


screen, printed = b"", b""
echoed = []
talk = list(wanted.get("talk", []))
seen = 0  # how much of the screen the talk has used up
deadline = time.monotonic() + LIMIT_SECONDS
open_ends = [master, out_read]
while time.monotonic() < deadline:
    types_ahead = bool(talk) and "until" not in talk[0]
    ready, _, _ = select.select(open_ends, [], [], 0.001 if types_ahead else 0.05)
    for end in ready:
        part = os.read(end, 65536)
        if not part:
            open_ends.remove(end)
        elif end == master:
            screen += part
        else:
            printed += part
    if types_ahead:
        is_time = not echoes() if "onceSilent" in talk[0] else time.monotonic() - started >= talk[0]["afterMs"] / 1000
        if is_time:
            echoed.append(echoes())
            os.write(master, talk.pop(0)["type"].encode())
    elif talk and talk[0]["until"].encode() in screen[seen:]:
        step = talk.pop(0)
        seen = screen.index(step["until"].encode(), seen) + len(step["until"].encode())
        time.sleep(0.15)  # the program asks first and listens then
        if "type" in step:
            os.write(master, step["type"].encode())
        else:
            child.send_signal(getattr(signal, step["signal"]))
    if not ready and child.poll() is not None:
        break
else:
    child.kill()

json.dump(
    {
        "code": child.wait(),
        "screen": screen.decode(errors="replace"),
        "stdout": printed.decode(errors="replace"),
        "restored": termios.tcgetattr(slave) == before,
        "unsaid": len(talk),
        "echoed": echoed,
    },
    sys.stdout,
)
