import type { Member } from './about.js'
import { EventLog } from './log.js'
import { TestServer, type TestServerOptions } from './server.js'

/** Nodes that share one log: one leads, the others may lag behind it (`node.view.pause()`). */
export class TestCluster {
  readonly nodes: TestServer[] = []
  #leader: TestServer | undefined

  private constructor(readonly log: EventLog) {}

  static async start({ size = 3, ...options }: TestServerOptions & { size?: number } = {}) {
    const cluster = new TestCluster(options.log ?? new EventLog())
    for (let n = 0; n < size; n++) await cluster.#add(options)
    cluster.#leader = cluster.nodes[0]
    return cluster
  }

  /** Undefined while there is no leader. */
  get leader() {
    return this.#leader
  }

  get followers() {
    return this.nodes.filter(node => node !== this.#leader)
  }

  /** Every node by name: the client asks them for gossip, and prefers the leader. */
  get url() {
    const hosts = this.nodes.map(({ port }) => `127.0.0.1:${port}`)
    return `esdb://${hosts.join(',')}?${this.nodes[0]!.url.split('?')[1]}`
  }

  /** Another node leads from now on, the next one that runs unless it is named. */
  moveLeader(to = this.followers.find(({ running }) => running)) {
    this.#leader = to
    to?.view.resume()
  }

  /** As while they elect one: appends are not served, gossip names no leader. */
  loseLeader() {
    this.#leader = undefined
  }

  async stop() {
    await Promise.all(this.nodes.map(node => node.stop()))
  }

  async #add(options: TestServerOptions) {
    const node = await TestServer.start({ ...options, port: 0, log: this.log })
    node.neighbours = {
      members: () => this.#members(),
      leaderPort: () => this.#leader?.port,
    }
    this.nodes.push(node)
  }

  #members(): Member[] {
    return this.nodes.map(node => ({
      port: node.port,
      alive: node.running,
      leads: node === this.#leader,
    }))
  }
}
