import { describe, expect, test } from '@jest/globals'
import { callId, declared, into, room } from '../support/facts.js'
import { type Fact, at, given, newId } from '../support/given.js'

const url = 'https://meet.example.org/1'
const open = (data: object) => ({ type: 'OpenWarRoom', data }) as never
const close = (roomId = callId) => ({ type: 'CloseWarRoom', data: { roomId } }) as const
const closed: Fact = { type: 'WarRoomClosed', data: { roomId: callId }, at: at('12:05') }

describe('a war room', () => {
  test.each([
    { kind: 'VIRTUAL', url },
    { kind: 'PHYSICAL', place: 'Room 1' },
  ] as const)('is opened by anybody: %j', data =>
    given(declared)
      .when(open(data), 'bob')
      .thenRecorded({ type: 'WarRoomOpened', data: { roomId: newId, ...data } }),
  )

  test.each([
    { kind: 'VIRTUAL' },
    { kind: 'VIRTUAL', place: 'Room 1' },
    { kind: 'VIRTUAL', url, place: 'Room 1' },
    { kind: 'PHYSICAL', url },
  ])('is where its kind is, and nowhere else: %j', data =>
    given(declared)
      .when(open(data))
      .thenRefused('INVALID_INPUT', { fields: ['url', 'place'] }),
  )

  test('that is open is not opened again, but one that was closed is', () => {
    given(declared, room)
      .when(open({ kind: 'VIRTUAL', url }))
      .thenNothing()
    given(declared, room, closed)
      .when(open({ kind: 'VIRTUAL', url }))
      .thenRecorded({ type: 'WarRoomOpened', data: { roomId: newId, kind: 'VIRTUAL', url } })
  })

  test('is closed once, also when the response is over', () => {
    given(declared, room)
      .when(close())
      .thenRecorded({
        type: 'WarRoomClosed',
        data: { roomId: callId },
      })
    given(declared, room, closed).when(close()).thenNothing()
    const [first, ...moves] = into.RESOLVED
    expect(given(first, room, ...moves).lists('CloseWarRoom')).toBe(true)
  })

  test('that nobody opened is not closed', () => {
    given(declared).when(close()).thenRefused('ROOM_NOT_FOUND')
    given(declared, room)
      .when(close('constructor'))
      .thenRefused('ROOM_NOT_FOUND', { roomId: 'constructor' })
  })

  test('is not closed before it was opened', () =>
    given(declared, { ...room, at: at('12:05') })
      .when(close(), { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

  test('is one of fifty at most', () => {
    const many = Array.from({ length: 50 }, (_, n): Fact => ({
      type: 'WarRoomOpened',
      data: { roomId: `room-${n}`, kind: 'PHYSICAL', place: `Room ${n}` },
    }))
    const full = given(declared, ...many)
    full.when(open({ kind: 'VIRTUAL', url })).thenRefused('LIMIT_REACHED')
    expect(full.lists('OpenWarRoom')).toBe(false)
  })
})

describe('a channel', () => {
  const link = (ref: string) => ({ type: 'LinkChannel', data: { kind: 'SLACK', ref } }) as const
  const unlink = (ref: string) => ({ type: 'UnlinkChannel', data: { kind: 'SLACK', ref } }) as const
  const linked = (ref: string): Fact => ({ type: 'ChannelLinked', data: { kind: 'SLACK', ref } })

  test('is linked once', () => {
    given(declared)
      .when(link('#inc-1'))
      .thenRecorded(linked('#inc-1') as never)
    given(declared, linked('#inc-1')).when(link('#inc-1')).thenNothing()
  })

  test('is unlinked where it is linked, and may be linked again', () => {
    const unlinked: Fact = { type: 'ChannelUnlinked', data: { kind: 'SLACK', ref: '#inc-1' } }
    given(declared, linked('#inc-1'), linked('#inc-2'))
      .when(unlink('#inc-1'))
      .thenRecorded(unlinked as never)
    given(declared, linked('#inc-2')).when(unlink('#inc-1')).thenNothing()
    const without = given(declared, linked('#inc-1'), linked('#inc-2'), unlinked)
    expect(without.state.channels.map(({ ref }) => ref)).toEqual(['#inc-2'])
    without.when(unlink('#inc-1')).thenNothing()
    without.when(link('#inc-1')).thenRecorded(linked('#inc-1') as never)
  })

  test('is not unlinked before it was linked', () =>
    given(declared, { ...linked('#inc-1'), at: at('12:05') })
      .when(unlink('#inc-1'), { claimed: at('12:04') })
      .thenRefused('OCCURRED_BEFORE_LAST', { last: at('12:05') }))

  test('is one of fifty at most', () =>
    given(declared, ...Array.from({ length: 50 }, (_, n) => linked(`#${n}`)))
      .when(link('#inc-1'))
      .thenRefused('LIMIT_REACHED'))
})

test('the timeline tells where people meet', () =>
  expect(
    given(
      declared,
      room,
      closed,
      { type: 'WarRoomClosed', data: { roomId: 'none' } },
      { type: 'ChannelLinked', data: { kind: 'PHONE', ref: '+41 31 000 00 00' } },
      { type: 'ChannelUnlinked', data: { kind: 'PHONE', ref: '+41 31 000 00 00' } },
    )
      .tells()
      .slice(1),
  ).toEqual([
    'alice opened the war room https://meet.example.org/1',
    'alice closed the war room https://meet.example.org/1',
    'alice closed a war room',
    'alice linked +41 31 000 00 00 by phone',
    'alice unlinked +41 31 000 00 00 by phone',
  ]))
