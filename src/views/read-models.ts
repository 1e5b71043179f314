import { hash } from 'node:crypto'
import { counterparts } from './counterparts.js'
import { incidentList } from './incident-list.js'
import { incidentTags } from './incident-tags.js'
import { openWork } from './open-work.js'
import { quarantineDdl } from './quarantine.js'
import type { ReadModel } from './read-model.js'
import { searchDdl } from './search-index.js'
import { members } from './seen-by.js'
import { taskBoard } from './task-board.js'
import { timers } from './timers.js'
import { undecided } from './undecided.js'

/** Every view there is. */
export const readModels: readonly ReadModel[] = [
  incidentList,
  members,
  incidentTags,
  taskBoard,
  timers,
  undecided,
  openWork,
  counterparts,
]

/** Count it up when the same tables are filled by other rules; another shape is noticed by itself. */
const rules = 1

export const ddl = [
  ...readModels.map(model => model.ddl),
  searchDdl,
  quarantineDdl,
  'create table checkpoint(position integer not null, id text)',
  'insert into checkpoint values (0, null)',
].join(';\n')

/** A views file of another version is not read: it is built again. Fits SQLite's signed `user_version`. */
export const version = parseInt(hash('sha256', `${rules}\n${ddl}`).slice(0, 7), 16)
