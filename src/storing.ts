import type { Config } from './config.js'
import { EventStore } from './event-store/event-store.js'
import { OperatedStore } from './event-store/operated-store.js'
import { replicaViews } from './event-store/replica/views-folder.js'
import { SqliteEventStore } from './event-store/sqlite/sqlite-event-store.js'
import { Views } from './views/views.js'

/** What keeps the events, and what is shown of them. */
export const storing = (config: Config) => [
  { provide: Views, useFactory: () => new Views(viewsOf(config)) },
  {
    provide: OperatedStore,
    useFactory: async (views: Views) => {
      const store = await opened(config, views.moved)
      views.damagedAt = () => store.state.check?.damage?.position
      return store
    },
    inject: [Views],
  },
  { provide: EventStore, useExisting: OperatedStore },
]

const viewsOf = ({ store, data }: Config) => (store === 'sqlite' ? data : replicaViews(data, store))

/** The code of a store is loaded for who has one of its kind. */
async function opened({ store, data }: Config, moved: Views['moved']): Promise<OperatedStore> {
  if (store === 'sqlite') return SqliteEventStore.open(data, moved)
  const { ReplicaStore } = await import('./event-store/replica/replica-store.js')
  return ReplicaStore.open(store, data, moved)
}
