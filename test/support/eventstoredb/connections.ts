import { type AddressInfo, type Server as Listener, type Socket, createServer } from 'node:net'
import { once } from 'node:events'
import type { Server as GrpcServer, ServerCredentials } from '@grpc/grpc-js'

/**
 * The port and its sockets. They are held here, not by the gRPC library, because a server that
 * misbehaves resets them at once, where the library would say goodbye first.
 */
export class Connections {
  readonly #sockets = new Map<number, Socket>()
  #listener: Listener | undefined

  constructor(
    private readonly grpc: GrpcServer,
    private readonly credentials: ServerCredentials,
  ) {}

  /** Answers the port that was taken: 0 asks for any free one. */
  async open(port: number): Promise<number> {
    const injector = this.grpc.createConnectionInjector(this.credentials)
    this.#listener = createServer(socket => {
      this.#remember(socket)
      injector.injectConnection(socket)
    })
    this.#listener.listen(port, '127.0.0.1')
    await once(this.#listener, 'listening')
    return (this.#listener.address() as AddressInfo).port
  }

  async close() {
    if (this.#listener === undefined) return
    const closed = once(this.#listener, 'close')
    this.#listener.close()
    this.#listener = undefined
    this.dropAll()
    await closed
  }

  get size() {
    return this.#sockets.size
  }

  dropAll() {
    for (const socket of this.#sockets.values()) socket.resetAndDestroy()
  }

  /** Resets the connection a call came by; `peer` is what the call says of itself. */
  drop(peer: string) {
    this.#sockets.get(Number(peer.split(':').at(-1)))?.resetAndDestroy()
  }

  #remember(socket: Socket) {
    const port = socket.remotePort!
    this.#sockets.set(port, socket)
    socket.on('close', () => this.#sockets.delete(port)).on('error', () => undefined)
  }
}
