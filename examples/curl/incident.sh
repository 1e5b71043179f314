#!/bin/sh
# Declares an incident and tells its timeline; needs curl and sed.
# LEDGER_KEY=$(cat data/admin.key) sh examples/curl/incident.sh
set -eu
URL=${LEDGER_URL:-http://127.0.0.1:4000}
: "${LEDGER_KEY:?Set LEDGER_KEY to an API key, such as the one in data/admin.key.}"
# In earnest this is the id of the message or alert that the command comes from.
CAUSE=${1:-example-$(date +%s)-$$}

# Sent again when there was no answer: thanks to its commandId a command is done once.
ask() {
  curl -sS --retry 4 --retry-connrefused --max-time 10 "$URL/graphql" \
    -H "authorization: Bearer $LEDGER_KEY" -H 'content-type: application/json' \
    -d "{\"query\":\"$1\"}"
}

DECLARED=$(ask "mutation { declareIncident(input: { title: \\\"Checkout is slow\\\", severity: SEV2 }, options: { commandId: \\\"$CAUSE\\\" }) { incident { id reference } } }")
ID=$(printf '%s' "$DECLARED" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')
[ -n "$ID" ] || { printf '%s\n' "$DECLARED" >&2; exit 1; }
printf '%s\n' "$DECLARED"

OBSERVE="mutation { recordObservation(incidentId: \\\"$ID\\\", input: { text: \\\"Lock waits rise\\\" }, options: { commandId: \\\"$CAUSE-observed\\\" }) { events { id } } }"
FIRST=$(ask "$OBSERVE")
AGAIN=$(ask "$OBSERVE")
[ "$FIRST" = "$AGAIN" ] && echo 'Recorded once: true'

# A refusal has a code and changes nothing.
ask "mutation { setSeverity(incidentId: \\\"$ID\\\", input: { level: SEV3 }) { revision } }"
echo
ask "{ incident(id: \\\"$ID\\\") { timeline { nodes { occurredAt sentence } } } }"
echo
