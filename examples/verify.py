#!/usr/bin/env python3
"""Is this export of a ledger whole and unchanged?  python3 verify.py ledger.ndjson"""
import hashlib, json, sys


def sha(data):
    return hashlib.sha256(data).digest()


def fault(lines):
    """None, or the number of the first bad line and what is wrong there. `lines` are bytes."""
    number, whole, running, streams, events = 0, hashlib.sha256(), bytes(32), {}, 0
    lines = iter(enumerate(lines, 1))
    for number, line in lines:
        try:
            if line.startswith(b'{"manifest":'):
                said = json.loads(line)["manifest"]
                heads = {s["stream"]: (s["last"], bytes.fromhex(s["hash"])) for s in said["streams"]}
                if (said["format"], said["events"], said["running"]) != (1, events, running.hex()) or heads != streams:
                    return number, "the manifest tells of other events than those before it"
                whole.update(line)
                break
            data = line[204:-2]  # the canonical bytes of the event, behind hash, id and running hash
            event = json.loads(data)
            stream, revision = event["stream"], event["revision"]
            last, before = streams.get(stream, (-1, sha(b"\x03" + stream.encode())))
            hashed = sha(b"\x02" + before + sha(data))
            running = sha(running + hashed)
            h = hashed.hex()
            uuid = "-".join((h[:8], h[8:12], "8" + h[13:16], "89ab"[int(h[16], 16) & 3] + h[17:20], h[20:32]))
            sound = '{"hash":"%s","id":"%s","running":"%s","event":' % (h, uuid, running.hex())
            if revision != last + 1 or line != sound.encode() + data + b"}\n":
                return number, "%s revision %s was changed, or is not what follows" % (stream, revision)
            streams[stream], events = (revision, hashed), events + 1
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return number, "this is no line of an export"
        whole.update(line)
    else:
        return number + 1, "the export ends here, and has no manifest"
    number, line = next(lines, (number + 1, b""))
    if line != b'{"sha256":"%s"}\n' % whole.hexdigest().encode():
        return number, "this is not the SHA-256 of all lines before"
    return next(((number, "this stands behind the end") for number, _ in lines), None)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python3 verify.py FILE")
    bad = fault(open(sys.argv[1], "rb"))
    print("line %d: %s" % bad if bad else "every chain holds, and nothing is missing", file=sys.stderr if bad else sys.stdout)
    sys.exit(2 if bad else 0)
