import type { EventStoreDBEventStore } from './eventstoredb-event-store.js'
export class Lease {
  readonly held = false
  constructor(_s: EventStoreDBEventStore, _n: string) {}
  start(): void {}
  async stop(): Promise<void> {}
}
