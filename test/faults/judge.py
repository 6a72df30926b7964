"""Decides what a run of evseal has left, with other people's programs only: minisign, age, and what Python has.

Reads a JSON document a line from stdin and answers each with one:
  {"folder": "...", "makes": "package" | "opened", "sender": "RW...", "identity": "key file",
   "sources": {"folder/file": {"sha256": ["..."], "modified": "ns" or null}}, "listings": [["folder/file"]] or absent}
  {"results": ["EV-..."], "partials": [".EV-....partial"], "violations": ["..."]}
or
  {"folder": "...", "makes": "home", "unit": "name", "cards": ["SHA-256"]}
  {"results": ["unit" and names of contacts], "partials": ["..."], "violations": ["..."]}

Every name that looks like a package must be one, whole, signed, and of the sources' bytes (one of "sha256", which are
the states that the file has had), all those of "sources" or of one of "listings", which are the states that the folder
has had; or, for "opened", what such a package holds. A staging folder must hold what is
sealed or public. Anything else is a violation.

A home that has a card must have the keys of that card, which must work, and be its owner's alone; without one, keys are
partial. A contact must be one of "cards", whole.
"""

import hashlib, io, json, os, re, stat, subprocess, sys, tarfile, tempfile
from datetime import datetime, timezone

SEAL = r"(EV(?:-[0-9A-HJKMNP-TV-Z]{4}){3})"
FINAL = {"package": re.compile(SEAL), "opened": re.compile(SEAL + r"\.opened")}
PARTIAL = {"package": re.compile(rf"\.{SEAL}\.partial"), "opened": re.compile(rf"\.{SEAL}\.opened\.partial")}
KEYS = {"receiving.age", "signing.key", "signing.pub", "card.json"}
AGE = b"age-encryption.org/v1\n-> X25519 "


class Wrong(Exception):
    pass


def require(holds, what):
    if not holds:
        raise Wrong(what)


def read(path):
    require(stat.S_ISREG(os.lstat(path).st_mode), f"{os.path.basename(path)} is not a file")
    with open(path, "rb") as file:
        return file.read()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def instant(text):
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())


def require_signed(document, signature, comment, sender):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (("document", document), ("document.minisig", signature)):
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
        said = subprocess.run(
            ["minisign", "-Q", "-V", "-P", sender, "-m", os.path.join(folder, "document")], capture_output=True
        )
    require(said.returncode == 0, "minisign refuses a signature")
    require(said.stdout == comment.encode() + b"\n", "a trusted comment is wrong")


def decrypt(path, identity):
    said = subprocess.run(["age", "-d", "-i", identity, path], capture_output=True)
    require(said.returncode == 0, f"age does not open {os.path.basename(path)}")
    return said.stdout


def entries(archive):
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        found = [(member, tar.extractfile(member)) for member in tar.getmembers()]
        require(all(content for _, content in found), "an archive holds something that is not a file")
        return [(member.name, member.offset_data, content.read()) for member, content in found]


def require_sources(contents, case):
    """The same files, each in one of the states it has had."""
    sources = case["sources"]
    listings = case.get("listings") or [list(sources)]
    require(sorted(contents) in map(sorted, listings), "the files are not those of the sources")
    for path, content in contents.items():
        require(sha256(content) in sources[path]["sha256"], "a file's content was never that of the source")


def require_manifest(manifest, seal, sources, contents):
    require(manifest["format"] == "evseal/manifest/v1" and manifest["seal"] == seal, "another package's manifest")
    require(manifest["readBack"] is True, "was not read back")
    require([file["path"] for file in manifest["files"]] == list(contents), "the manifest names other files")
    for file in manifest["files"]:
        content = contents[file["path"]]
        require((file["size"], file["sha256"]) == (len(content), sha256(content)), "the manifest is not the content's")
        modified = sources[file["path"]]["modified"]
        whole, nanoseconds = file["modified"][:-1].split(".")
        said = instant(whole + "Z") * 10**9 + int(nanoseconds.ljust(9, "0"))
        require(modified is None or said == int(modified), "a time in the manifest is not the source's")
    totals = manifest["totals"]
    require((totals["files"], totals["bytes"]) == (len(contents), sum(map(len, contents.values()))), "wrong totals")


def require_package(folder, seal, case):
    container, manifest_name = f"{seal}.evseal", f"{seal}.manifest.evseal"
    label_name, how_to = f"{seal}.label.json", "HOW-TO-OPEN.txt"
    names = [container, manifest_name, label_name, f"{label_name}.minisig", how_to]
    require(sorted(os.listdir(folder)) == sorted(names), "holds " + ", ".join(sorted(os.listdir(folder))))
    files = {name: read(os.path.join(folder, name)) for name in names}

    signed = files[label_name], files[f"{label_name}.minisig"]
    require_signed(*signed, f"evseal/label/v1 seal={seal}", case["sender"])
    label = json.loads(files[label_name])
    require(label["format"] == "evseal/label/v1" and label["seal"] == seal, "another package's label")
    require([file["name"] for file in label["files"]] == [container, manifest_name, how_to], "the label's files")
    for file in label["files"]:
        content = files[file["name"]]
        require((file["size"], file["sha256"]) == (len(content), sha256(content)), f"{file['name']} is not the label's")
    for name, mode in [(name, 0o600) for name in names] + [(".", 0o700)]:
        found = os.lstat(os.path.join(folder, name))
        require(stat.S_IMODE(found.st_mode) == mode, f"mode of {name}")
        require(found.st_mtime_ns == instant(label["sealedAt"]) * 10**9, f"time of {name}")

    media = entries(decrypt(os.path.join(folder, container), case["identity"]))
    require(media[-1][0] == f"{seal}/padding" and not media[-1][2].strip(b"\0"), "the padding")
    prefix = f"{seal}/media/"
    require(all(name.startswith(prefix) for name, _, _ in media[:-1]), "an archive path")
    contents = {name[len(prefix) :]: content for name, _, content in media[:-1]}
    require(len(contents) == len(media) - 1, "a path stands twice")
    require_sources(contents, case)

    archive = entries(decrypt(os.path.join(folder, manifest_name), case["identity"]))
    require([name for name, _, _ in archive][:2] == [f"{seal}/manifest.json", f"{seal}/manifest.json.minisig"], "proof")
    require_signed(archive[0][2], archive[1][2], f"evseal/manifest/v1 seal={seal}", case["sender"])
    manifest = json.loads(archive[0][2])
    require_manifest(manifest, seal, case["sources"], contents)
    require([file["offset"] for file in manifest["files"]] == [at for _, at, _ in media[:-1]], "an offset")
    require(manifest["container"] == label["files"][0], "the manifest is of another container")


def require_opened(folder, seal, case):
    require(sorted(os.listdir(folder)) == ["manifest.json", "manifest.json.minisig", "media"], "holds something else")
    manifest, signature = (read(os.path.join(folder, name)) for name in ("manifest.json", "manifest.json.minisig"))
    require_signed(manifest, signature, f"evseal/manifest/v1 seal={seal}", case["sender"])
    media, contents = os.path.join(folder, "media"), {}
    for at, _, names in os.walk(media):
        for name in names:
            path = os.path.join(at, name)
            contents[os.path.relpath(path, media)] = read(path)
    require_sources(contents, case)
    for file in json.loads(manifest)["files"]:
        require(file["sha256"] == sha256(contents[file["path"]]), "a file is not the manifest's")


def require_sealed_or_public(folder, seal):
    """What SIGKILL leaves of a package: files that are the beginning of what they were to become."""
    require(stat.S_IMODE(os.lstat(folder).st_mode) == 0o700, "the staging folder is open to others")
    beginnings = {
        f"{seal}.evseal": AGE,
        f"{seal}.manifest.evseal": AGE,
        f"{seal}.label.json": b'{\n  "format": "evseal/label/v1",\n',
        f"{seal}.label.json.minisig": b"untrusted comment: signature from minisign secret key\n",
        "HOW-TO-OPEN.txt": b"",
    }
    for name in os.listdir(folder):
        require(name in beginnings, f"the staging folder holds {name}")
        content, beginning = read(os.path.join(folder, name)), beginnings[name]
        require(beginning.startswith(content) or content.startswith(beginning), f"{name} in the staging folder")
        require(stat.S_IMODE(os.lstat(os.path.join(folder, name)).st_mode) == 0o600, f"{name} is open to others")


def require_unit(folder, unit):
    files = {name: read(os.path.join(folder, name)) for name in KEYS}
    card = json.loads(files["card.json"])
    require(card["format"] == "evseal/card/v1" and card["unit"] == unit, "another unit's card")
    said = subprocess.run(["age-keygen", "-y", os.path.join(folder, "receiving.age")], capture_output=True)
    require(said.stdout.decode().strip() == card["recipient"], "the age identity is not the card's")
    require(files["signing.pub"].decode().splitlines()[1] == card["signingKey"], "signing.pub is not the card's")
    with tempfile.TemporaryDirectory() as aside:
        document = os.path.join(aside, "document")
        with open(document, "wb") as file:
            file.write(b"document")
        key = os.path.join(folder, "signing.key")
        signed = subprocess.run(["minisign", "-S", "-s", key, "-m", document], capture_output=True, input=b"")
        require(signed.returncode == 0, "minisign does not sign with the key")
        proven = subprocess.run(["minisign", "-V", "-P", card["signingKey"], "-m", document], capture_output=True)
        require(proven.returncode == 0, "the signing key is not the card's")


def judged_home(case):
    answer = {"results": [], "partials": [], "violations": []}
    folder = case["folder"]
    try:
        for at, folders, names in os.walk(folder):
            for name in folders + names:
                mode = stat.S_IMODE(os.lstat(os.path.join(at, name)).st_mode)
                require(mode == (0o700 if name in folders else 0o600), f"mode of {name}")
        names = sorted(os.listdir(folder)) if os.path.lexists(folder) else []
        require(set(names) <= KEYS | {".card.json.partial", "contacts"}, "holds " + ", ".join(names))
        if "card.json" in names:
            require_unit(folder, case["unit"])
            answer["results"].append("unit")
        else:
            answer["partials"] += [name for name in names if name in KEYS]
        contacts = os.path.join(folder, "contacts")
        for name in sorted(os.listdir(contacts)) if "contacts" in names else []:
            if name.startswith(".") and name.endswith(".partial"):
                answer["partials"].append(name)
                continue
            require(sha256(read(os.path.join(contacts, name))) in case["cards"], f"{name} is not a card that was added")
            answer["results"].append(name)
        answer["partials"] += [name for name in names if name.startswith(".")]
    except (Wrong, OSError, KeyError, ValueError, IndexError) as error:
        answer["violations"].append(f"{type(error).__name__}: {error}")
    return answer


def judged(case):
    if case["makes"] == "home":
        return judged_home(case)
    answer = {"results": [], "partials": [], "violations": []}
    for name in sorted(os.listdir(case["folder"])):
        path, makes = os.path.join(case["folder"], name), case["makes"]
        final, partial = FINAL[makes].fullmatch(name), PARTIAL[makes].fullmatch(name)
        try:
            require(stat.S_ISDIR(os.lstat(path).st_mode), "is not a folder")
            require(final or partial, "is neither a package nor a staging folder")
            if partial:
                answer["partials"].append(name)
                if makes == "package":
                    require_sealed_or_public(path, partial[1])
            else:
                answer["results"].append(name)
                (require_package if makes == "package" else require_opened)(path, final[1], case)
        except (Wrong, OSError, KeyError, ValueError, tarfile.TarError) as error:
            answer["violations"].append(f"{name}: {type(error).__name__}: {error}")
    return answer


for line in sys.stdin:
    print(json.dumps(judged(json.loads(line))), flush=True)
