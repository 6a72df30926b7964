"""Holds a program before its end and searches all of its memory.

The program's stdout is a pipe that is full, so that it stays at writing its result, with its work done. One line of JSON
is read at the start: {"argv": [...], "env": {...}, "cwd": "...", "done": "a pattern of paths", "typed": "text" | null}.
With "typed", stdin and stderr are a terminal, on which that is typed once a question stands there; else stdin is empty.
Prints {"held": true}, reads {"needles": {name: hex}}, prints {"found": {name: [mapping, ...]}, "searchedBytes": n}, lets
the program go on, and prints {"code": 0, "stdout": "...", "stderr": "..."}.
"""

import fcntl, glob, json, os, signal, subprocess, sys, termios, threading, time

LIMIT_SECONDS = 60


def say(document):
    print(json.dumps(document), flush=True)


def fill(pipe):
    os.set_blocking(pipe, False)
    size = 0
    for piece in (b"\0" * 4096, b"\0"):
        try:
            while True:
                size += os.write(pipe, piece)
        except BlockingIOError:
            pass
    os.set_blocking(pipe, True)
    return size


def seconds_of_work(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return sum(map(int, stat.read().rpartition(")")[2].split()[11:13])) / os.sysconf("SC_CLK_TCK")


def wait_until_held(child, done):
    """The files are there, and the program has not worked for a second."""
    deadline = time.monotonic() + LIMIT_SECONDS
    last, since = None, time.monotonic()
    while time.monotonic() < deadline and child.poll() is None:
        worked = seconds_of_work(child.pid) if glob.glob(done) else None
        if worked is None or worked != last:
            last, since = worked, time.monotonic()
        elif time.monotonic() - since > 1:
            return True
        time.sleep(0.05)
    return False


def search(pid, needles):
    """Where each needle stands, by the names of /proc/PID/maps; memory without a name is the heaps of V8 and WASM."""
    found, searched = {}, 0
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps.read().splitlines():
            span, rights, *_ = line.split()
            start, end = (int(address, 16) for address in span.split("-"))
            place = (line.split(None, 5) + [f"anonymous {(end - start) >> 10} KiB"])[5]
            if rights[0] != "r" or place.startswith(("[vvar", "[vsyscall")):
                continue
            memory.seek(start)
            content = memory.read(end - start)
            while len(content) < end - start:
                rest = memory.read(end - start - len(content))
                if not rest:
                    raise OSError(f"{line}: not all of it can be read")
                content += rest
            searched += len(content)
            for name, needle in needles.items():
                at = content.find(needle)
                while at >= 0:
                    found.setdefault(name, []).append(f"{place} {rights} +{at:x}")
                    at = content.find(needle, at + 1)
    return {"found": found, "searchedBytes": searched}


wanted = json.loads(sys.stdin.readline())
out_read, out_write = os.pipe()
filled = fill(out_write)
terminal = None
if wanted.get("typed") is None:
    err_read, err_write = os.pipe()
    stdin = os.open(os.devnull, os.O_RDONLY)
else:
    terminal, err_write = os.openpty()
    stdin, err_read = err_write, terminal

child = subprocess.Popen(
    wanted["argv"], env=wanted["env"], cwd=wanted["cwd"], stdin=stdin, stdout=out_write, stderr=err_write
)
os.close(out_write)
os.close(err_write)
said = []


def listen():
    questions = wanted.get("typed") or []
    while True:
        try:
            part = os.read(err_read, 65536)
        except OSError:
            return
        if not part:
            return
        said.append(part)
        if questions and b"".join(said).rstrip().endswith(b":"):
            time.sleep(0.2)
            os.write(terminal, questions.pop(0).encode())


threading.Thread(target=listen, daemon=True).start()
held = wait_until_held(child, wanted["done"])
say({"held": held})
needles = {name: bytes.fromhex(text) for name, text in json.loads(sys.stdin.readline())["needles"].items()}
if held:
    child.send_signal(signal.SIGSTOP)
    os.waitpid(child.pid, os.WUNTRACED)
    say(search(child.pid, needles))
    child.send_signal(signal.SIGCONT)
else:
    child.kill()
    say({"found": {}, "searchedBytes": 0})
printed = b""
while part := os.read(out_read, 65536):
    printed += part
code = child.wait()
say({"code": code, "stdout": printed[filled:].decode(errors="replace"), "stderr": b"".join(said).decode(errors="replace")})
