import { declared, end, measure, serving, start } from './support/http.mjs'
import { middle } from './support/appends.mjs'
import { installed, startPostgres } from './stock/postgres.mjs'

/**
 * Durable mutations of ours against a program as a team would write it without events (stock/): the
 * same SDL, mutation, selection and clients, in the same run, in turns, each with its own incidents.
 */
export default async function stock([incidents = '200', seconds = '5', rounds = '3'] = []) {
  const programs = installed()
  if (!programs) {
    console.log('SKIPPED: no PostgreSQL (initdb, postgres) is installed here.')
    return
  }
  const postgres = await startPostgres(programs)
  const theirs = await serving('../stock/server.mjs', 'stock', postgres.connection.host)
  const ours = await start('durable')
  try {
    const ids = new Map()
    for (const one of [theirs, ours]) ids.set(one, await declared(one, Number(incidents)))
    const speed = async one => (await measure(one, ids.get(one), Number(seconds))).requests.average
    for (const one of [theirs, ours]) await measure(one, ids.get(one), 2)
    const rows = []
    for (let round = 1; round <= Number(rounds); round++) {
      const [stock, ledger] = [await speed(theirs), await speed(ours)]
      rows.push({
        'stock/s': Math.round(stock),
        'ledger/s': Math.round(ledger),
        ratio: Number((ledger / stock).toFixed(2)),
      })
    }
    console.table(rows)
    console.log(
      `Middle ratio ${middle(rows.map(({ ratio }) => ratio))}; ${incidents} incidents, 32 clients, ${seconds} s each; Node ${process.version}.`,
    )
  } finally {
    await end(ours)
    await end(theirs)
    await postgres.stop()
  }
}
