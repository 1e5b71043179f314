import type { WriteStream } from 'node:tty'
import { styleText } from 'node:util'
import { visible } from './visible.js'
import type { Board, Change, Told } from './watch-board.js'

/** Where the board is shown. */
export interface Display {
  changed(board: Board, changes: readonly Change[]): void
  /** Said once, until the next change of this. */
  state(text: string): void
  end(): void
}

const nameLengthMax = 20
/** Changes that come together are drawn together. */
const drawMs = 100
/** Ages are of minutes. */
const ageMs = 10_000
/** Of a terminal that does not say. */
const standard = { columns: 80, rows: 24 }

/** Appended lines, for a file or a program: only what is new. What is no incident goes to stderr. */
export class Lines implements Display {
  #state = ''

  constructor(
    private readonly out: NodeJS.WritableStream,
    private readonly err: NodeJS.WritableStream,
  ) {}

  changed(_: Board, changes: readonly Change[]): void {
    const now = new Date()
    for (const { incident, isOpen } of changes) {
      const { severity, reference, status, commander, age, title } = cellsOf(incident, now)
      const what = isOpen ? [severity, reference, status, commander, age, title] : [reference, gone]
      this.out.write(`${[now.toISOString(), ...what].join('  ')}\n`)
    }
  }

  state(text: string): void {
    if (text !== this.#state) this.err.write(`${text}\n`)
    this.#state = text
  }

  end(): void {}
}

const gone = 'is no longer open'

/** Drawn in place, on a page of its own, which is gone at the end. */
export class Screen implements Display {
  #board: Board | undefined
  #state = ''
  #drawing: NodeJS.Timeout | undefined
  readonly #aging = setInterval(() => this.#draw(), ageMs)
  readonly #resized = () => this.#draw()

  constructor(
    private readonly out: WriteStream,
    private readonly name: string,
  ) {
    // Another page, no cursor, and what is too long for a line is cut by the terminal.
    out.write('\x1b[?1049h\x1b[?25l\x1b[?7l')
    out.on('resize', this.#resized)
  }

  changed(board: Board): void {
    this.#board = board
    this.#soon()
  }

  state(text: string): void {
    this.#state = text
    this.#soon()
  }

  end(): void {
    clearInterval(this.#aging)
    clearTimeout(this.#drawing)
    this.out.off('resize', this.#resized)
    this.out.write('\x1b[?7h\x1b[?25h\x1b[?1049l')
  }

  #soon(): void {
    this.#drawing ??= setTimeout(() => this.#draw(), drawMs)
  }

  #draw(): void {
    clearTimeout(this.#drawing)
    this.#drawing = undefined
    const rows = this.out.rows || standard.rows
    const lines = drawn(this.#board, new Date(), rows - 2, this.out.hasColors())
    const count = this.#board ? `${this.#board.rows.length}${this.#board.isCut ? '+' : ''}` : '…'
    const head = `Open incidents at ${this.name}: ${count}   ${this.#state}`
    const page = [head, '', ...lines].map(line => `${line}\x1b[K`).join('\r\n')
    this.out.write(`\x1b[H${page}\x1b[J`)
  }
}

/** The lines of the board, no more than there is room for; the last then says how many are left out. */
export function drawn(
  board: Board | undefined,
  now: Date,
  room: number,
  inColour = false,
): string[] {
  const rows = board?.rows ?? []
  const cells = rows.slice(0, Math.max(0, room)).map(row => cellsOf(row, now))
  const wide = (name: 'reference' | 'commander' | 'age') =>
    Math.max(0, ...cells.map(cell => [...cell[name]].length))
  const [reference, commander, age] = [wide('reference'), wide('commander'), wide('age')]
  const lines = cells.map(cell =>
    [
      coloured(cell.severity.padEnd(5), inColour),
      padded(cell.reference, reference),
      cell.status.padEnd(9),
      padded(cell.commander, commander),
      cell.age.padStart(age),
      cell.title,
    ].join('  '),
  )
  if (rows.length <= room) return lines
  return [...lines.slice(0, Math.max(0, room - 1)), `… and ${rows.length - room + 1} more`]
}

const padded = (text: string, width: number) => text + ' '.repeat(width - [...text].length)

function coloured(severity: string, inColour: boolean): string {
  if (!inColour) return severity
  if (severity.startsWith('SEV1')) return styleText(['bold', 'red'], severity)
  return severity.startsWith('SEV2') ? styleText('yellow', severity) : severity
}

/** What is shown of an incident; none of it can do anything to a terminal. */
function cellsOf(incident: Told, now: Date) {
  const { severity, effectiveSeverity, commander, declaredAt } = incident
  const name = [...visible(commander?.name ?? '-')]
  const isLong = name.length > nameLengthMax
  return {
    severity: visible(severity === 'UNDETERMINED' ? `${effectiveSeverity}?` : severity),
    reference: visible(incident.reference),
    title: visible(incident.title),
    status: visible(incident.status),
    commander: isLong ? `${name.slice(0, nameLengthMax - 1).join('')}…` : name.join(''),
    age: ageOf(now.getTime() - Date.parse(declaredAt)),
  }
}

/** In the two largest units. */
export function ageOf(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000))
  const [days, hours] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24]
  if (days > 0) return `${days}d ${hours}h`
  return hours > 0 ? `${hours}h ${minutes % 60}m` : `${minutes % 60}m`
}
