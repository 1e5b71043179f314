import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Clock } from '../clock.js'
import { type Config, configFrom } from '../config.js'
import { play } from './demo-incident.js'
import { importAll, read } from './import.js'
import { inScratchFolder, withLedger } from './ledger.js'

const bundled = fileURLToPath(new URL('../../examples/incidents/', import.meta.url))

/** An evening on which something breaks; the demo pushes it along. */
class DemoClock extends Clock {
  #ms = Date.parse('2026-03-14T21:04:00.000Z')
  override now = () => new Date(this.#ms).toISOString()
  push(minutes: number): void {
    this.#ms += minutes * 60_000
  }
}

/** Real incidents from their files, and a short live one, all in a folder that is thrown away. */
export async function demo(): Promise<void> {
  const clock = new DemoClock()
  await inScratchFolder(data => {
    const config: Config = { ...configFrom({}), port: 0, data, log: 'error' }
    return withLedger(config, ledger => show(ledger, clock), { clock })
  })
}

async function show(ledger: Parameters<typeof play>[0], clock: DemoClock): Promise<void> {
  heading('Six public incidents, put on record from their files')
  const paths = readdirSync(bundled)
    .filter(name => name.endsWith('.json'))
    .map(name => join(bundled, name))
  for (const { reference, title, facts } of await importAll(
    ledger,
    paths.map(path => ({ path, json: read(path) })),
  ))
    console.log(`${reference}  ${String(facts).padStart(3)} facts  ${title}`)
  heading('A live incident: two people, one handoff of command')
  const id = await play(
    ledger,
    minutes => clock.push(minutes),
    line => console.log(line),
  )
  const { incident } = await ledger.ask<{ incident: Shown }>(shown, { id })
  heading(`The timeline of ${incident.reference}, as it happened`)
  for (const { occurredAt, sentence, late } of incident.timeline.nodes)
    console.log(`${occurredAt.slice(11, 16)}  ${sentence}${late ? '  (recorded later)' : ''}`)
  heading(
    `The postmortem of ${incident.reference}, replayed from its ${incident.revision + 1} events`,
  )
  console.log(incident.postmortem.markdown)
  console.log(`SHA-256 ${incident.postmortem.sha256}`)
  console.log('\nTry it yourself: npm start, then the README’s first incident with curl.')
}

interface Shown {
  reference: string
  revision: number
  timeline: { nodes: { occurredAt: string; sentence: string; late: boolean }[] }
  postmortem: { markdown: string; sha256: string }
}
const shown = `query ($id: ID!) { incident(id: $id) { reference revision
  timeline(first: 100) { nodes { occurredAt sentence late } }
  postmortem { markdown sha256 } } }`

const heading = (text: string) => console.log(`\n${text}\n${'─'.repeat(text.length)}`)
