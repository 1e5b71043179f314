import 'reflect-metadata'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApolloDriver } from '@nestjs/apollo'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Args, Context, GraphQLModule, Mutation, Query, Resolver } from '@nestjs/graphql'
import { IsString, Length, validateSync } from 'class-validator'
import pg from 'pg'
import { tables } from './tables.mjs'

/**
 * What a team would write without events: Nest on Express, Apollo, and one PostgreSQL transaction per
 * mutation that locks the incident's row, notes the command, writes and keeps an audit row. It serves
 * the same SDL, of which it answers what the benchmark asks. Faster than most such programs: the bare
 * driver and no ORM, a key looked up in memory, no view and no limits.
 */
const [folder, , host] = process.argv.slice(2)
const pool = new pg.Pool({ host, user: 'stock', database: 'postgres', max: 32 })
await pool.query(tables)

const secret = randomBytes(32).toString('base64url')
const digest = text => createHash('sha256').update(text).digest('hex')
const keys = new Map([[digest(secret), 'admin']])

class Observation {}
for (const bound of [IsString(), Length(1, 4000)]) bound(Observation.prototype, 'text')

class Incidents {
  async incident({ id }) {
    const { rows } = await pool.query('select * from incidents where id = $1', [id])
    if (!rows[0]) throw new Error('There is no such incident.')
    return rows[0]
  }

  async declareIncident({ input: { title } }) {
    const { rows } = await pool.query(
      'insert into incidents(id, title) values ($1, $2) returning *',
      [randomUUID(), title],
    )
    return receipt(rows[0], [])
  }

  async recordObservation({ incidentId, input, options }, { by }) {
    const observation = Object.assign(new Observation(), input)
    const errors = validateSync(observation)
    if (errors.length > 0) throw new Error(String(errors))
    return within(client => this.#record(client, incidentId, observation, options?.commandId, by))
  }

  async #record(client, incidentId, { text }, commandId, by) {
    const { rows } = await client.query('select * from incidents where id = $1 for update', [
      incidentId,
    ])
    const [incident] = rows
    if (!incident) throw new Error('There is no such incident.')
    const before = await client.query(
      'select id, type, revision from audit where incident = $1 and command = $2',
      [incidentId, commandId],
    )
    if (before.rows[0]) return receipt(incident, before.rows)
    const revision = incident.revision + 1
    const event = { id: randomUUID(), type: 'ObservationRecorded' }
    await client.query(
      'insert into audit(id, incident, revision, type, command, actor, data) values ($1, $2, $3, $4, $5, $6, $7)',
      [event.id, incidentId, revision, event.type, commandId, by, { text }],
    )
    await client.query(
      'insert into observations(id, incident, text, actor) values ($1, $2, $3, $4)',
      [event.id, incidentId, text, by],
    )
    await client.query('update incidents set revision = $2, changed = now() where id = $1', [
      incidentId,
      revision,
    ])
    return receipt({ ...incident, revision }, [event])
  }
}

async function within(work) {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const answer = await work(client)
    await client.query('commit')
    return answer
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

const receipt = (incident, events) => ({
  incident,
  events,
  revision: incident.revision,
  position: null,
  viewsCaughtUp: true,
})

const context = ({ req }) => {
  const by = keys.get(digest(req.headers.authorization?.replace(/^Bearer /, '') ?? ''))
  if (!by) throw new Error('A valid key is needed.')
  return { by }
}

/** Plain JavaScript has no decorators yet. */
for (const [method, kind] of [
  ['incident', Query],
  ['declareIncident', Mutation],
  ['recordObservation', Mutation],
]) {
  kind()(Incidents.prototype, method, Object.getOwnPropertyDescriptor(Incidents.prototype, method))
  Args()(Incidents.prototype, method, 0)
  Context()(Incidents.prototype, method, 1)
}
Resolver()(Incidents)

class Stock {}
Module({
  imports: [
    GraphQLModule.forRoot({ driver: ApolloDriver, typePaths: ['schema/*.graphql'], context }),
  ],
  providers: [Incidents],
})(Stock)

const app = await NestFactory.create(Stock, { logger: ['error'] })
await app.listen(0, '127.0.0.1')
process.once('SIGTERM', () =>
  app
    .close()
    .then(() => pool.end())
    .then(() => process.exit(0)),
)
writeFileSync(join(folder, 'admin.key'), secret)
console.log(await app.getUrl())
