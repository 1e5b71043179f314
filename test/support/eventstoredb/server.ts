import { type Metadata, Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js'
import type { Member } from './about.js'
import { Connections } from './connections.js'
import { accessDenied, notLeader, unauthenticated, unavailable } from './errors.js'
import { Faults } from './faults.js'
import { Hooks } from './hooks.js'
import { EventLog } from './log.js'
import { addServices } from './services.js'
import type { Checkpoints } from './subscriptions.js'
import { View } from './view.js'

/** What the real server takes in one append unless it is told otherwise. */
const MAX_APPEND_BYTES = 1_048_576
/** A record of 16 MiB and its frame; what is larger ends the call with RESOURCE_EXHAUSTED. */
const MAX_MESSAGE_BYTES = 17 * 1024 * 1024

export interface TestServerOptions {
  /** 0 takes any free port. */
  port?: number
  maxAppendBytes?: number
  /** Whoever calls without them is refused; the client sends them over TLS only. */
  credentials?: { user: string; password: string }
  /** PEM. */
  tls?: { cert: string; key: string }
  /** The log of the cluster the node belongs to. */
  log?: EventLog
}

let started = 0

/** What is the same of every kind of call. */
interface AnyCall {
  metadata: Metadata
  getPeer(): string
}

/** How the nodes of a cluster see each other; a node alone leads. */
export interface Neighbours {
  members(): Member[]
  /** Undefined while there is no leader. */
  leaderPort(): number | undefined
}

/** One node: it keeps real streams in memory, and misbehaves on command. */
export class TestServer {
  readonly log: EventLog
  readonly view: View
  readonly faults = new Faults()
  readonly hooks = new Hooks()
  /** How many requests came, of each kind; an append counts once, however many messages it took. */
  readonly calls = { append: 0, read: 0, subscribe: 0, gossip: 0 }
  /** How many events reads and subscriptions have given out. */
  sent = 0
  readonly maxAppendBytes: number
  /** How right the checkpoints of subscriptions begun from now on are. */
  checkpoints: Checkpoints = 'EXACT'
  neighbours: Neighbours | undefined
  #port = 0
  readonly #keepAliveMs = 10_000 + (++started % 10_000)
  #grpc: GrpcServer | undefined
  #connections: Connections | undefined

  private constructor(private readonly options: TestServerOptions) {
    this.log = options.log ?? new EventLog()
    this.view = new View(this.log)
    this.maxAppendBytes = options.maxAppendBytes ?? MAX_APPEND_BYTES
  }

  static async start(options: TestServerOptions = {}): Promise<TestServer> {
    const server = new TestServer(options)
    await server.#open(options.port ?? 0)
    return server
  }

  get port() {
    return this.#port
  }

  /**
   * TLS names its hosts: from Node 26 on it knows no addresses. gRPC shares a connection between clients of the same address and options, also one that ended with
   * an earlier server of this port: so each server asks for options of its own.
   */
  get url() {
    const tls = this.options.tls !== undefined
    const host = tls ? 'localhost' : '127.0.0.1'
    return `esdb://${host}:${this.#port}?tls=${tls}&keepAliveTimeout=${this.#keepAliveMs}`
  }

  /** A follower forwards appends to the leader; undefined while there is none. */
  get leaderPort() {
    return this.neighbours ? this.neighbours.leaderPort() : this.#port
  }

  get running() {
    return this.#connections !== undefined
  }

  /** The port refuses connections, open calls are reset; the log stays. */
  async stop() {
    const connections = this.#connections
    this.#connections = undefined
    await connections?.close()
    this.#grpc?.forceShutdown()
  }

  /** The same port, the same log. */
  async restart() {
    await this.stop()
    await this.#open(this.#port)
  }

  /** Every open call and connection is reset now. */
  dropAll() {
    this.#connections?.dropAll()
  }

  /** Resets the connection the call came by. */
  drop(call: AnyCall) {
    this.#connections?.drop(call.getPeer())
  }

  /** Why the call is not to be served; undefined if it is. */
  refusal(call: AnyCall) {
    const { leaderPort } = this
    const [requiresLeader] = call.metadata.get('requires-leader')
    if (requiresLeader !== 'true' || leaderPort === this.#port) return this.#denial(call)
    return leaderPort === undefined ? unavailable() : notLeader(leaderPort)
  }

  #denial({ metadata }: AnyCall) {
    const { credentials } = this.options
    if (credentials === undefined) return undefined
    const [given] = metadata.get('authorization')
    if (given === undefined) return accessDenied()
    const right = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')
    return given === `Basic ${right}` ? undefined : unauthenticated()
  }

  async #open(port: number) {
    this.#grpc = new GrpcServer({
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
    })
    addServices(this.#grpc, this)
    const connections = new Connections(this.#grpc, this.#serverCredentials())
    this.#port = await connections.open(port)
    this.#connections = connections
  }

  #serverCredentials() {
    const { tls } = this.options
    if (tls === undefined) return ServerCredentials.createInsecure()
    const pair = { cert_chain: Buffer.from(tls.cert), private_key: Buffer.from(tls.key) }
    return ServerCredentials.createSsl(null, [pair])
  }

  /** The cluster as this node would gossip of it. */
  members(): Member[] {
    return this.neighbours?.members() ?? [{ port: this.#port, alive: true, leads: true }]
  }
}
