import {
  closeSync,
  constants,
  existsSync,
  fdatasyncSync,
  openSync,
  rmSync,
  statSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../../event-store/fault.js'
import { type Finding, findings, sized } from './finding.js'
import { refusal } from './folder.js'

const mebibyte = 1024 * 1024
/** With less nothing can be written soon. */
const freeBytesMin = 64 * mebibyte
/** With less it is time to look for more. */
const freeBytesWanted = 1024 * mebibyte

/** Linux’s magic numbers (statfs(2)) of what a ledger should not be on, or that are worth a name. */
const kinds: Readonly<Record<number, string>> = {
  0x01021994: 'tmpfs',
  0x858458f6: 'ramfs',
  0x6969: 'NFS',
  0xff534d42: 'CIFS',
  0xfe534d42: 'SMB',
  0x01021997: '9p',
  0x65735546: 'FUSE',
  0xef53: 'ext',
  0x58465342: 'XFS',
  0x9123683e: 'Btrfs',
  0x2fc12fc1: 'ZFS',
  0x794c7630: 'overlay',
}
const inMemory = ['tmpfs', 'ramfs']
const overNetwork = ['NFS', 'CIFS', 'SMB', '9p', 'FUSE']

export function checkDisk(data: string): Finding[] {
  const say = findings('disk')
  const { bavail, bsize, type } = statfsSync(data)
  const kind = kinds[type]
  const free = bavail * bsize
  const size = ['log.sqlite', 'log.sqlite-wal']
    .map(name => join(data, name))
    .reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0)
  const room = `${sized(free)} free, the log takes ${sized(size)}`
  return [
    free < freeBytesMin
      ? say.bad(
          `The disk is nearly full: ${room}.`,
          'Make room. The ledger goes on writing by itself.',
        )
      : free < Math.max(freeBytesWanted, size)
        ? say.warn(
            `Little room: ${room}.`,
            'Make room: a backup, restore or recover on this disk takes as much as the log.',
          )
        : say.ok(`${room}${kind ? `, on ${kind}` : ''}.`),
    ...(kind && inMemory.includes(kind)
      ? [
          say.bad(
            `The folder is in memory (${kind}): a power cut takes all of it.`,
            'Name a folder on a disk with LEDGER_DATA.',
          ),
        ]
      : []),
    ...(kind && overNetwork.includes(kind)
      ? [
          say.warn(
            `The folder is on ${kind}: locks and syncs may not do there what SQLite relies on.`,
            'Move it to a disk of this machine, or run on EventStoreDB.',
          ),
        ]
      : []),
  ]
}

const probes = 20
const probeBytes = 4096
/** A sync that reaches a disk, or the power-safe cache of one, takes longer. */
const msMin = 0.02
/** Each command waits for one or two of these. */
const msMax = 50

/** Writes and syncs a file of its own beside the log, and removes it. */
export function checkSync(data: string): Finding {
  const say = findings('fsync')
  if (refusal(data, constants.W_OK))
    return say.warn('Not measured: nothing can be written.', 'See folder.')
  const path = join(data, `doctor.${process.pid}.tmp`)
  try {
    const ms = median(timesOf(path))
    const told = `A sync takes ${ms.toFixed(2)} ms`
    if (ms < msMin)
      return say.warn(
        `${told}: too fast to have reached a disk.`,
        'Make sure that the disk, or the host of this virtual machine, does not answer before it has written.',
      )
    return ms > msMax
      ? say.warn(
          `${told}: commands will be slow.`,
          'Move the folder to a faster disk, or find out what else uses this one.',
        )
      : say.ok(`${told}.`)
  } catch (error) {
    return say.bad(
      `A file cannot be written and synced (${codeOf(error)}).`,
      'Make room, or replace the disk; the system log says more.',
    )
  } finally {
    rmSync(path, { force: true })
  }
}

function timesOf(path: string): number[] {
  const file = openSync(path, 'wx', 0o600)
  try {
    return Array.from({ length: probes }, (_, n) => {
      const from = performance.now()
      writeSync(file, Buffer.alloc(probeBytes, n), 0, probeBytes, n * probeBytes)
      fdatasyncSync(file)
      return performance.now() - from
    })
  } finally {
    closeSync(file)
  }
}

const median = (all: number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)]!
