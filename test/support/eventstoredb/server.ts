import {
  type Metadata,
  Server as GrpcServer,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
} from '@grpc/grpc-js'
import { type Member, clusterInfo, supportedMethods } from './about.js'
import { type BatchCall, type UnaryCall, batchAppend, unaryAppend } from './appends.js'
import { Connections } from './connections.js'
import { accessDenied, notLeader, unauthenticated } from './errors.js'
import { Faults } from './faults.js'
import { EventLog } from './log.js'
import {
  type features,
  featuresService,
  type gossip,
  gossipService,
  type shared,
  type streams,
  streamsService,
} from './protocol.js'
import { type ReadCall, read } from './reads.js'
import { View } from './view.js'

/** What the real server takes in one append unless it is told otherwise. */
const MAX_APPEND_BYTES = 1_048_576
/** The client may send a record of 16 MiB; that it is too much is for the server to say. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024

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

type Asked = ServerUnaryCall<shared.Empty, unknown>
/** What is the same of every kind of call. */
interface AnyCall {
  metadata: Metadata
  getPeer(): string
}

/** How the nodes of a cluster see each other; a node alone leads. */
export interface Neighbours {
  members(): Member[]
  leaderPort(): number
}

/** Looks at each message of each append as it came in. */
class Hooks {
  readonly #onAppend: Array<(message: streams.BatchAppendReq) => void> = []

  onAppend(callback: (message: streams.BatchAppendReq) => void) {
    this.#onAppend.push(callback)
  }

  received(message: streams.BatchAppendReq) {
    for (const callback of this.#onAppend) callback(message)
  }
}

/** One node: it keeps real streams in memory, and misbehaves on command. */
export class TestServer {
  readonly log: EventLog
  readonly view: View
  readonly faults = new Faults()
  readonly hooks = new Hooks()
  /** How many requests came, of each kind; an append counts once, however many messages it took. */
  readonly calls = { append: 0, read: 0, subscribe: 0, gossip: 0 }
  readonly maxAppendBytes: number
  neighbours: Neighbours | undefined
  #port = 0
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

  get url() {
    return `esdb://127.0.0.1:${this.#port}?tls=${this.options.tls !== undefined}`
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
    const leader = this.neighbours?.leaderPort() ?? this.#port
    const [requiresLeader] = call.metadata.get('requires-leader')
    if (requiresLeader === 'true' && leader !== this.#port) return notLeader(leader)
    return this.#credentialsRefusal(call)
  }

  #credentialsRefusal({ metadata }: AnyCall) {
    const { credentials } = this.options
    if (credentials === undefined) return undefined
    const [given] = metadata.get('authorization')
    if (given === undefined) return accessDenied()
    const right = Buffer.from(`${credentials.user}:${credentials.password}`).toString('base64')
    return given === `Basic ${right}` ? undefined : unauthenticated()
  }

  async #open(port: number) {
    this.#grpc = this.#services(
      new GrpcServer({
        'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
        'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
      }),
    )
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

  #services(grpc: GrpcServer) {
    grpc.addService(streamsService.StreamsService, {
      read: (call: ReadCall) => read(this, call),
      append: (call: UnaryCall, done: sendUnaryData<streams.AppendResp>) =>
        unaryAppend(this, call, done),
      batchAppend: (call: BatchCall) => batchAppend(this, call),
    })
    grpc.addService(featuresService.ServerFeaturesService, {
      getSupportedMethods: (_: Asked, done: sendUnaryData<features.SupportedMethods>) =>
        done(null, supportedMethods()),
    })
    grpc.addService(gossipService.GossipService, {
      read: (_: Asked, done: sendUnaryData<gossip.ClusterInfo>) => {
        this.calls.gossip++
        done(null, clusterInfo(this.#members()))
      },
    })
    return grpc
  }

  #members(): Member[] {
    return this.neighbours?.members() ?? [{ port: this.#port, alive: true, leads: true }]
  }
}
