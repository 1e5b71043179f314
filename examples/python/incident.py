"""Declares an incident and tells its timeline. Python 3.8 or later, standard library only.

LEDGER_KEY=$(cat data/admin.key) python3 examples/python/incident.py
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request

URL = os.environ.get("LEDGER_URL", "http://127.0.0.1:4000")
TRIES_MAX = 5
TIMEOUT_S = 10
# After these the same request may be sent again; a mutation only with a commandId.
PASSING = {"STORE_UNAVAILABLE", "TIMEOUT", "BUSY", "NOT_CAUGHT_UP"}


class Refused(Exception):
    """An answer of the ledger, and not a fault: `code` is one of `enum RejectionCode`."""

    def __init__(self, code, message, details):
        super().__init__(f"{code}: {message}")
        self.code, self.details = code, details or {}


def sent(query, variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {
        "content-type": "application/json",
        "authorization": f"Bearer {os.environ['LEDGER_KEY']}",
    }
    request = urllib.request.Request(f"{URL}/graphql", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    for error in answer.get("errors", []):
        extensions = error["extensions"]
        raise Refused(extensions["code"], error["message"], extensions.get("details"))
    return answer["data"]


def ask(query, **variables):
    """Sends an operation until it is answered: thanks to its commandId, what was lost is done once."""
    for tries in range(1, TRIES_MAX + 1):
        try:
            return sent(query, variables)
        except (Refused, OSError) as error:
            can_pass = error.code in PASSING if isinstance(error, Refused) else True
            if not can_pass or tries == TRIES_MAX:
                raise
            time.sleep(0.1 * 2**tries)


def main():
    # In earnest this is the id of the message or alert that the command comes from.
    cause = sys.argv[1] if len(sys.argv) > 1 else f"example-{time.time_ns()}"
    declared = ask(
        """mutation ($input: DeclareIncidentInput!, $options: CommandOptions) {
             declareIncident(input: $input, options: $options) { incident { id reference } } }""",
        input={"title": "Checkout is slow", "severity": "SEV2"},
        options={"commandId": cause},
    )["declareIncident"]["incident"]
    print(declared["reference"], "is declared")

    observe = """mutation ($id: ID!, $text: String!, $options: CommandOptions) {
        recordObservation(incidentId: $id, input: { text: $text }, options: $options) {
          events { id } } }"""
    entry = {
        "id": declared["id"],
        "text": "Lock waits rise",
        "options": {"commandId": f"{cause}-observed"},
    }
    # The network is lost and the client sends it again: one entry, and the same answer twice.
    first, again = (ask(observe, **entry)["recordObservation"] for _ in range(2))
    print("Recorded once:", first == again)

    try:
        downgrade = """mutation ($id: ID!) {
            setSeverity(incidentId: $id, input: { level: SEV3 }) { revision } }"""
        ask(downgrade, id=declared["id"])
    except Refused as refused:
        print("Refused, and nothing changed:", refused.code, "in", refused.details.get("field"))

    look = "query ($id: ID!) { incident(id: $id) { timeline { nodes { occurredAt sentence } } } }"
    for told in ask(look, id=declared["id"])["incident"]["timeline"]["nodes"]:
        print(told["occurredAt"], told["sentence"], sep="  ")


if __name__ == "__main__":
    main()
