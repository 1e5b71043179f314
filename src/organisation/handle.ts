import { Matches } from 'class-validator'
import { Rejected } from '../decider/facet.js'
import type { Organisation } from './organisation.js'

/** 2 to 40 characters, and never something that could be taken for an id. */
export const Handle = () =>
  Matches(/^(?![0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$)[a-z0-9._-]{2,40}$/)

type Called = Pick<Organisation, 'people' | 'groups'>

/** People and groups share their handles, so that a word names one of them. */
export const isFree = ({ people, groups }: Called, handle: string): boolean =>
  !groups.has(handle) && ![...people.values()].some(person => person.handle === handle)

/** Somebody's and somebody else's; throws `Rejected('HANDLE_TAKEN')`. */
export const handleTaken = (handle: string) =>
  new Rejected('HANDLE_TAKEN', 'Another person or a group has this handle.', { handle })

/** Where one person is meant; a group is nobody who could be asked. */
export const groupNamed = (handle: string) =>
  new Rejected('GROUP_ASSIGNEE', 'This is a group: name one person.', { group: handle })
