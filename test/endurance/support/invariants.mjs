import { setTimeout as pause } from 'node:timers/promises'

/** Views may take so long after a start, on a machine that does other things too. */
const readyMsMax = 20_000
/** Of those that were acknowledged so many are sent again. */
const repeatedMax = 40
const comparedMax = 60
const listTriesMax = 100

/**
 * What holds after every start: it gets ready, what was acknowledged is there and is answered again in
 * the same words, what was not is settled by sending it again, every name was done once, no revision
 * is missing, and the list says of each incident what its replay says.
 */
export async function checkLedger(tally, name, server, sent) {
  tally.check(await isReady(server), `${name}: it does not get ready`)
  for (const request of sent.values())
    if (!request.answer) await settle(tally, name, server, request)
  for (const request of [...sent.values()].slice(-repeatedMax)) {
    if (!wasRecorded(request)) continue
    const again = await server.ask(request.query, request.variables)
    const same = told(again) === told(request.answer)
    tally.check(
      same,
      `${name}: ${request.commandId} was answered ${told(request.answer)}, and now ${told(again)}`,
    )
  }
  await checkLog(tally, name, server, sent)
  await checkLists(tally, name, server)
}

async function isReady(server) {
  for (const end = performance.now() + readyMsMax; performance.now() < end; await pause(50))
    if ((await server.ready()).ok) return true
  return false
}

async function settle(tally, name, server, request) {
  const answer = await server.ask(request.query, request.variables)
  request.answer = answer
  const code = answer.errors?.[0].extensions.code ?? ''
  tally.check(
    !/^(STORE_|INTERNAL)/.test(code),
    `${name}: ${request.commandId} cannot be settled: ${code}`,
  )
}

const wasRecorded = ({ answer }) => (recordedIn(answer)?.length ?? 0) > 0
const recordedIn = answer => answer?.data && Object.values(answer.data)[0].events
/** What a receipt says for ever: the lists may be late, and the incident moves on. */
const told = answer =>
  JSON.stringify(
    recordedIn(answer)?.map(({ id, revision, type }) => [id, revision, type]) ?? answer,
  )

async function checkLog(tally, name, server, sent) {
  const revisions = new Map()
  const ids = new Map()
  for (let after = null, more = true; more;) {
    const { data, errors } = await server.ask(
      `query ($after: Cursor) { events(first: 100, after: $after) {
        nodes { id incidentId revision commandId } pageInfo { endCursor hasNextPage } } }`,
      { after },
    )
    if (!tally.check(data, `${name}: the log cannot be read: ${JSON.stringify(errors)}`)) return
    for (const { id, incidentId, revision, commandId } of data.events.nodes) {
      const next = (revisions.get(incidentId) ?? -1) + 1
      if (revision !== next)
        tally.check(false, `${name}: ${incidentId} has ${revision} after ${next - 1}`)
      revisions.set(incidentId, revision)
      if (commandId) ids.set(commandId, [...(ids.get(commandId) ?? []), id])
    }
    after = data.events.pageInfo.endCursor
    more = data.events.pageInfo.hasNextPage
  }
  let wrong = 0
  for (const request of sent.values()) {
    const recorded = (recordedIn(request.answer) ?? []).map(({ id }) => id)
    const found = ids.get(request.commandId) ?? []
    if (JSON.stringify(recorded) === JSON.stringify(found)) continue
    if (++wrong <= 3)
      tally.check(
        false,
        `${name}: ${request.commandId} was told ${recorded}, and in the log are ${found}`,
      )
  }
  tally.check(
    wrong === 0,
    `${name}: ${wrong} of ${sent.size} commands are not in the log as they were told`,
  )
}

async function checkLists(tally, name, server) {
  const list = () =>
    server.ask(
      `{ incidents(first: ${comparedMax}, orderBy: CHANGED_LATEST) {
      nodes { id reference title status severity revision openTasks } } }`,
    )
  let { data, errors } = await list()
  // A ledger is ready before its first lists are.
  for (let n = 0; n < listTriesMax && errors?.[0].extensions.code === 'STORE_UNAVAILABLE'; n++) {
    await pause(100)
    ;({ data, errors } = await list())
  }
  if (!tally.check(data, `${name}: the list cannot be read: ${JSON.stringify(errors)}`)) return
  let wrong = 0
  for (const listed of data.incidents.nodes) {
    const { data: replayed } = await server.ask(
      `query ($id: ID!) { incident(id: $id) { id reference title status severity revision
        tasks(first: 100) { nodes { status } } } }`,
      { id: listed.id },
    )
    const { tasks, ...incident } = replayed.incident
    const open = tasks.nodes.filter(
      ({ status }) => !['COMPLETED', 'ABANDONED'].includes(status),
    ).length
    // Whoever has more tasks than a page shows is compared in everything else.
    const openTasks = tasks.nodes.length < 100 ? open : listed.openTasks
    if (JSON.stringify({ ...incident, openTasks }) !== JSON.stringify(listed)) {
      wrong++
      console.log(JSON.stringify({ listed, replayed: { ...incident, openTasks } }))
    }
  }
  tally.check(wrong === 0, `${name}: the list and the replay disagree on ${wrong} incidents`)
}
