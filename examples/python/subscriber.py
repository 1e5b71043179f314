"""Keeps a copy of every event, from when it was first started, through whatever is killed: itself, the
server, the network. None is missed and none is kept twice. Python 3.8 or later, standard library only.

LEDGER_KEY=… python3 examples/python/subscriber.py copy.ndjson
"""

import http.client
import json
import os
import random
import sys
import time
import urllib.error
import urllib.request

URL = os.environ.get("LEDGER_URL", "http://127.0.0.1:4000")
# The server says something every 15 seconds: who is silent for so long is gone.
SILENCE_S_MAX = 45
WAIT_S_MAX = 10
# What is there longer than this without a line end is no journal of ours.
TAIL_BYTES = 1024 * 1024
LINE_BYTES_MAX = 16 * 1024 * 1024
# Waiting mends none of these.
FINAL = {"UNAUTHENTICATED", "SCOPE_MISSING", "UNKNOWN_SUBJECT", "INVALID_CURSOR", "INVALID_INPUT"}


class Refused(Exception):
    """An answer of the ledger, and not a fault: `code` is one of `enum RejectionCode`."""

    def __init__(self, errors):
        extensions = errors[0]["extensions"]
        super().__init__(f"{extensions['code']}: {errors[0]['message']}")
        self.code, self.details = extensions["code"], extensions.get("details") or {}


class Journal:
    """What was done and how far it was done are one line, appended at once and forced to disk: after any
    end both are there, or neither. In earnest that is one transaction of your database; where the effect
    is somewhere else, hand it the event's id, so that it can tell a repeat."""

    def __init__(self, path):
        self.file = open(path, "ab+", buffering=0)
        size = self.file.seek(0, os.SEEK_END)
        self.file.seek(max(0, size - TAIL_BYTES))
        tail = self.file.read()
        end = tail.rfind(b"\n") + 1
        if end == 0 and size > len(tail):
            raise SystemExit(f"{path} is no journal")
        # A line that was cut off was not done: its event comes again.
        self.file.truncate(size - len(tail) + end)
        lines = tail[:end].splitlines()
        self.cursor = json.loads(lines[-1])["cursor"] if lines else None

    def note(self, line):
        rest = memoryview((json.dumps(line) + "\n").encode())
        try:
            while rest:
                rest = rest[self.file.write(rest) :]
            os.fsync(self.file.fileno())
        except OSError as error:
            # Nobody knows how much of it is there: the next start looks.
            raise SystemExit(f"{self.file.name} cannot be written: {error}")
        self.cursor = line["cursor"]


def messages(response):
    """Server-sent events, each as its fields; one that was cut off is not among them."""
    fields = {}
    while True:
        line = response.readline(LINE_BYTES_MAX)
        if not line.endswith(b"\n"):
            return
        name, _, value = line.decode().rstrip("\r\n").partition(":")
        if name:
            fields[name] = value[1:] if value.startswith(" ") else value
        elif not line.strip():
            if fields:
                yield fields
            fields = {}


def opened(cursor):
    headers = {"authorization": f"Bearer {os.environ['LEDGER_KEY']}", "accept": "text/event-stream"}
    if cursor:
        headers["last-event-id"] = cursor
    request = urllib.request.Request(f"{URL}/events/stream", headers=headers)
    try:
        return urllib.request.urlopen(request, timeout=SILENCE_S_MAX)
    except urllib.error.HTTPError as error:
        raise Refused(json.load(error)["errors"])


def follow(journal, heard):
    with opened(journal.cursor) as response:
        for message in messages(response):
            if message.get("event") == "error":
                raise Refused(json.loads(message["data"])["errors"])
            if "data" in message:
                heard()
                event = json.loads(message["data"])
                journal.note({"cursor": message["id"], **event})
                print(event["id"], flush=True)
            # Told how far it was looked. The first of all is where the copy begins.
            elif "id" in message and journal.cursor is None:
                journal.note({"cursor": message["id"]})


def main(path):
    journal = Journal(path)
    tries = 0

    def heard():
        nonlocal tries
        tries = 0

    while True:
        why = "The connection is lost"
        try:
            follow(journal, heard)
        except Refused as refused:
            if refused.code in FINAL:
                raise
            why = str(refused)
            if refused.code == "REFRESH_REQUIRED":
                # What was told before may be gone, as after a restored backup: what is made of it is to
                # be made anew.
                journal.note({"cursor": refused.details["cursor"], "refreshed": True})
            # After SLOW_CONSUMER too the journal knows which was the last.
        # What is no answer of the ledger is one of something in between.
        except (http.client.HTTPException, OSError, ValueError, LookupError) as error:
            why = repr(error)
        wait = min(WAIT_S_MAX, 0.1 * 2 ** min(tries, 10)) * (0.5 + random.random() / 2)
        tries += 1
        print(f"{why}; again in {wait:.1f} s.", file=sys.stderr, flush=True)
        time.sleep(wait)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "copy.ndjson")
