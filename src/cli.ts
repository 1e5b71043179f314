#!/usr/bin/env node
import 'reflect-metadata'
import { Command, Option } from 'commander'
import { exitCodeOf, reasonOf } from './cli/reason.js'
import { type Config, configFrom, defaultPrefix } from './config.js'
import { version } from './version.js'

// SQLite makes its files as the system lets it: also in a folder that others may look into, for nobody else.
process.umask(0o077)

// Whoever read what is said has gone, as `head` does: what was asked is done all the same, and tidied up.
for (const out of [process.stdout, process.stderr])
  out.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })

const program = new Command('incident-ledger')
  .description(
    'An event-sourced backend for running incidents. Settings come from LEDGER_* variables.',
  )
  .version(version)
  .option('--data <folder>', 'the data folder; else LEDGER_DATA, else ./data')
  .showHelpAfterError()

/** Commands load what they need only when they run, so that --help is at once there. */
const folder = () => program.opts<{ data?: string }>().data ?? process.env.LEDGER_DATA
const config = (): Config => {
  const { data } = program.opts<{ data?: string }>()
  return configFrom({ ...process.env, ...(data !== undefined && { LEDGER_DATA: data }) })
}
/** Other commands than `serve` say what they did themselves: the log tells only what went wrong. */
const quietly = (): Config => ({
  ...config(),
  log: process.env.LEDGER_LOG ? config().log : 'error',
})

program
  .command('serve')
  .description('serve the ledger over HTTP until SIGTERM or Ctrl-C')
  .action(async () => (await import('./serve.js')).main(config))

program
  .command('demo')
  .description(
    'import the bundled incidents into a scratch folder, run a short live one, and print it',
  )
  .action(async () => (await import('./cli/demo.js')).demo())

program
  .command('import')
  .description('put real incidents on record; the same file again writes nothing')
  .argument('<file...>', 'incident files as examples/incidents/README.md describes them')
  .action(async (files: string[]) =>
    (await import('./cli/import.js')).importFiles(quietly(), files),
  )

program
  .command('verify')
  .description('check every chain and the head; exits 0, or 2 with the first bad event')
  .action(async () => (await import('./cli/verify.js')).verifyStored(config()))

program
  .command('export')
  .description(
    'write history to a file that anyone can verify; the same again gives the same bytes',
  )
  .requiredOption('--out <path>', 'the file, or a folder to put it in (required)')
  .option('--incident <name>', 'one incident, by id or reference; else everything')
  .option('--at <cursor>', 'nothing behind this place, such as the position of a receipt; else all')
  .option('--force', 'replace the file if it is there')
  .action(async options => (await import('./cli/export.js')).exportHistory(config(), options))

program
  .command('doctor')
  .description('look at all that a ledger needs and say what to do; exits 0, 1 (warn) or 2 (bad)')
  .option('--json', 'for programs')
  .action(async options => (await import('./cli/doctor.js')).doctor(config, folder(), options))

program
  .command('watch')
  .description('show the open incidents and what becomes of them, live, until Ctrl-C')
  .option('--url <address>', 'of a ledger; else the one that serves the data folder')
  .option('--key-file <path>', 'a file that holds an API key; needed with --url, else admin.key')
  .addHelpText(
    'after',
    '\nThe key needs incidents:read and events:subscribe. On a terminal the board is drawn in place;\nelsewhere each change is a line.',
  )
  .action(async options => (await import('./cli/watch.js')).watch(config, options))

program
  .command('backup')
  .description('back the log up into a new folder, also while a ledger serves it')
  .argument('<folder>', 'where to; a name that is not taken yet')
  .option('--with-key', 'take admin.key along: whoever has it may do everything')
  .option('--force', 'replace a backup that is there')
  .action(async (folder: string, options) =>
    (await import('./cli/backup.js')).backUp(quietly(), folder, options),
  )

program
  .command('restore')
  .description('put a backup into the data folder; no ledger may be serving it')
  .argument('<folder>', 'what backup made, or a copy of the files of a stopped ledger')
  .option('--force', 'set a ledger that is there aside; it is not deleted')
  .action(async (folder: string, options) =>
    (await import('./cli/restore.js')).restore(quietly(), folder, options),
  )

program
  .command('recover')
  .description('show what a damaged log has lost; goes on without it only if that is accepted')
  .option('--accept-loss', 'set the damaged log aside, keep what is sound, and record the loss')
  .action(async options => (await import('./cli/recover.js')).recover(quietly(), options))

program
  .command('rebuild')
  .description('make all views anew from the log; the old ones serve meanwhile')
  .action(async () => (await import('./cli/rebuild.js')).rebuildViews(quietly()))

program
  .command('copy')
  .description('copy a whole ledger to another store; run again, it goes on where it ended')
  .requiredOption('--from <store>', 'sqlite:<folder>, esdb://… or esdb+discover://…')
  .requiredOption('--to <store>', 'the same; empty, or an unfinished copy of the source')
  .addOption(
    new Option('--prefix <text>', 'before the names of the ledger’s streams in EventStoreDB')
      .env('LEDGER_STREAM_PREFIX')
      .default(defaultPrefix),
  )
  .addHelpText(
    'after',
    '\nStop every ledger on both stores first. Ids, hashes, order and keys stay as they are.',
  )
  .action(async options => (await import('./cli/copy.js')).copyLedger(options))

program
  .command('documents')
  .description('print the manifest of trusted documents made of the .graphql files in a folder')
  .argument('<folder>', 'with the operations and fragments of a client')
  .action(async (folder: string) =>
    (await import('./cli/documents.js')).printManifest(config(), folder),
  )

const keys = program.command('keys').description('make, list and revoke API keys')
keys
  .command('create')
  .description('make a key; its secret is printed this once')
  .requiredOption('--label <text>', 'what it is for (required)')
  .requiredOption(
    '--scope <scope...>',
    'what it may try, such as incidents:read; several with spaces (required)',
  )
  .option('--owner <person>', 'id or handle of the person it acts as; else it acts as itself')
  .option('--expires <instant>', 'when it stops working, such as 2027-01-01T00:00:00Z')
  .action(async options => (await import('./cli/keys.js')).createKey(quietly(), options))
keys
  .command('list')
  .description('list all keys, the newest first')
  .action(async () => (await import('./cli/keys.js')).listKeys(quietly()))
keys
  .command('revoke')
  .description('end a key at once')
  .argument('<id>', 'id of the key')
  .option('--reason <text>', 'why')
  .action(async (id: string, { reason }: { reason?: string }) =>
    (await import('./cli/keys.js')).revokeKey(quietly(), id, reason),
  )

try {
  await program.parseAsync()
} catch (error) {
  console.error(reasonOf(error))
  process.exitCode = exitCodeOf(error)
}
