import 'reflect-metadata'
import { randomBytes, randomUUID } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ApolloDriver } from '@nestjs/apollo'
import { Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { Args, GraphQLModule, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql'
import { PubSub } from 'graphql-subscriptions'

/**
 * Live events as a team would write them: Nest's own subscriptions over graphql-ws, and an emitter in
 * memory. It serves the same SDL; it stores nothing, so that the time to tell is all that is measured.
 */
const [folder] = process.argv.slice(2)
const secret = randomBytes(32).toString('base64url')
const told = new PubSub({ eventEmitter: new EventEmitter().setMaxListeners(0) })
const events = new Map()

class Incidents {
  incident({ id }) {
    return { id, title: 'x', revision: events.get(id) ?? 0 }
  }

  declareIncident({ input: { title } }) {
    return { incident: { id: randomUUID(), title } }
  }

  async recordObservation({ incidentId, input: { text } }) {
    const revision = (events.get(incidentId) ?? 0) + 1
    events.set(incidentId, revision)
    const event = { id: randomUUID(), type: 'observation', incidentId, revision, data: { text } }
    await told.publish('events', { incidentEvents: { cursor: String(revision), event } })
    return { incident: { id: incidentId }, events: [event], revision }
  }

  incidentEvents() {
    return told.asyncIterableIterator('events')
  }
}

/** Plain JavaScript has no decorators yet. */
for (const [method, kind] of [
  ['incident', Query],
  ['declareIncident', Mutation],
  ['recordObservation', Mutation],
  ['incidentEvents', Subscription],
]) {
  kind()(Incidents.prototype, method, Object.getOwnPropertyDescriptor(Incidents.prototype, method))
  Args()(Incidents.prototype, method, 0)
}
Resolver()(Incidents)

class Stock {}
Module({
  imports: [
    GraphQLModule.forRoot({
      driver: ApolloDriver,
      typePaths: ['schema/*.graphql'],
      subscriptions: { 'graphql-ws': true },
    }),
  ],
  providers: [Incidents],
})(Stock)

const app = await NestFactory.create(Stock, { logger: ['error'] })
await app.listen(0, '127.0.0.1')
process.once('SIGTERM', () => process.exit(0))
writeFileSync(join(folder, 'admin.key'), secret)
console.log(await app.getUrl())
