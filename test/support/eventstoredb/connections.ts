import { type AddressInfo, type Server as Listener, type Socket, createServer } from 'node:net'
import { once } from 'node:events'
import type { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js'

/**
 * The port and its sockets. They are held here, not by the gRPC library, because a server that
 * misbehaves resets them at once, where the library would say goodbye first.
 */
export class Connections {
  readonly #sockets = new Map<number, Socket>()
  #listeners: Listener[] = []

  constructor(
    private readonly grpc: GrpcServer,
    private readonly credentials: ServerCredentials,
  ) {}

  /** Answers the port that was taken: 0 asks for any free one. */
  async open(port: number): Promise<number> {
    const injector = this.grpc.createConnectionInjector(this.credentials)
    const listener = () =>
      createServer(socket => {
        this.#remember(socket)
        injector.injectConnection(socket)
      })
    const first = listener().listen(port, '127.0.0.1')
    this.#listeners.push(first)
    await once(first, 'listening')
    const taken = (first.address() as AddressInfo).port
    await this.#listenToo(listener(), taken)
    return taken
  }

  /** Where a machine has it, `localhost` is this address too, and a client may ask it first. */
  async #listenToo(listener: Listener, port: number): Promise<void> {
    try {
      await once(listener.listen(port, '::1'), 'listening')
      this.#listeners.push(listener)
    } catch {
      listener.close()
    }
  }

  async close() {
    const closed = this.#listeners.map(listener => once(listener, 'close'))
    for (const listener of this.#listeners.splice(0)) listener.close()
    this.dropAll()
    await Promise.all(closed)
  }

  get size() {
    return this.#sockets.size
  }

  dropAll() {
    for (const socket of this.#sockets.values()) reset(socket)
  }

  /** Resets the connection a call came by; `peer` is what the call says of itself. */
  drop(peer: string) {
    const socket = this.#sockets.get(Number(peer.split(':').at(-1)))
    if (socket) reset(socket)
  }

  #remember(socket: Socket) {
    const port = socket.remotePort!
    this.#sockets.set(port, socket)
    socket.on('close', () => this.#sockets.delete(port)).on('error', () => undefined)
  }
}

/**
 * One that is being shut down cannot be reset: it would stay open with nobody behind it, its client
 * would wait, and the process would never end.
 */
function reset(socket: Socket) {
  if (socket.writableEnded) socket.destroy()
  else socket.resetAndDestroy()
}
