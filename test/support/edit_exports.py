"""Edits every export of a file, which holds one after the other, and says where `verify.py` found it.

Prints a line per export: what was done to it, the line that differs first, and the line that was named;
then one that tells how many were called bad without an edit. The seed makes a run repeat.
"""
import importlib.util, json, random, re, sys

spec = importlib.util.spec_from_file_location("verify", sys.argv[1])
verify = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verify)
chance = random.Random(int(sys.argv[3]))


def exports():
    lines = []
    for line in open(sys.argv[2], "rb"):
        lines.append(line)
        if line.startswith(b'{"sha256":'):
            yield lines
            lines = []


def change(lines, at):
    """One byte becomes another."""
    line = bytearray(lines[at])
    place = chance.randrange(len(line))
    line[place] = chance.choice([b for b in range(32, 127) if b != line[place]])
    lines[at] = bytes(line)


def retime(lines, at):
    """It was recorded in another year."""
    lines[at] = re.sub(rb'(?<="recordedAt":")\d{4}', lambda _: b"%d" % chance.randrange(1900, 1999), lines[at], count=1)


def rehash(lines, at):
    """Its own hash and id are made to fit what was changed in it, and nothing else is."""
    line, event = lines[at], lines[at][204:-2]
    data = json.loads(event)
    before = verify.sha(b"\x03" + data["stream"].encode()) if data["revision"] == 0 else bytes(32)
    changed = event.replace(b'"LIVE"', b'"TEST"') if b'"LIVE"' in event else event.replace(b'"type"', b'"typo"')
    h = verify.sha(b"\x02" + before + verify.sha(changed)).hex()
    lines[at] = b'{"hash":"%s"' % h.encode() + line[74:204] + changed + b"}\n"


def delete(lines, at):
    del lines[at]


def insert(lines, at):
    lines.insert(at, chance.choice(lines))


def swap_order(lines, at):
    other = chance.choice([i for i in range(len(lines)) if i != at])
    lines[at], lines[other] = lines[other], lines[at]


def cut(lines, at):
    del lines[at:]


def cut_within(lines, at):
    lines[at:] = [lines[at][: chance.randrange(len(lines[at]))]]


def swap_streams(lines, at):
    """Two streams take each other's names."""
    names = sorted({json.loads(line)["event"]["stream"] for line in lines[:-2]})
    one, other = (names[0].encode(), chance.choice(names[1:] or ["incident-of-nobody"]).encode())
    for i, line in enumerate(lines):
        lines[i] = line.replace(one, b"\0").replace(other, one).replace(b"\0", other)


events_only = (retime, rehash)
edits = (change, change, change, delete, insert, swap_order, cut, cut_within, swap_streams) + events_only
alarms = 0
for original in exports():
    alarms += verify.fault(iter(original)) is not None
    while True:
        edited, edit = list(original), chance.choice(edits)
        edit(edited, chance.randrange(len(original) - (2 if edit in events_only else 0)))
        if edited != original:
            break
    pairs = enumerate(zip(edited, original), 1)
    first = next((i for i, (a, b) in pairs if a != b), min(len(edited), len(original)) + 1)
    named = verify.fault(iter(edited))
    # What the manifest says of the export as a whole is held against nothing but the last line.
    is_manifest = first == len(original) - 1 and named and named[0] == first + 1
    print(edit.__name__, "in its manifest" if is_manifest else first, "in its manifest" if is_manifest else named and named[0])
print("false alarms", alarms)
