import type { Server, ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js'
import { clusterInfo, supportedMethods } from './about.js'
import { type BatchCall, batchAppend } from './appends.js'
import { type DeleteCall, softDeletion } from './deletes.js'
import type { features, gossip, shared, streams } from './protocol.js'
import { featuresService, gossipService, streamsService } from './protocol.js'
import { type ReadCall, read } from './reads.js'
import type { TestServer } from './server.js'
import { type UnaryCall, unaryAppend } from './unary-append.js'

type Asked = ServerUnaryCall<shared.Empty, unknown>
type Done<Answer> = sendUnaryData<Answer>

/** What a node answers; the library says UNIMPLEMENTED to the rest, tombstones among it. */
export function addServices(grpc: Server, server: TestServer) {
  grpc.addService(streamsService.StreamsService, {
    read: (call: ReadCall) => read(server, call),
    append: (call: UnaryCall, done: Done<streams.AppendResp>) => unaryAppend(server, call, done),
    batchAppend: (call: BatchCall) => batchAppend(server, call),
    delete: (call: DeleteCall, done: Done<streams.DeleteResp>) => softDeletion(server, call, done),
  })
  grpc.addService(featuresService.ServerFeaturesService, {
    getSupportedMethods: (_: Asked, done: Done<features.SupportedMethods>) =>
      done(null, supportedMethods()),
  })
  grpc.addService(gossipService.GossipService, {
    read: (_: Asked, done: Done<gossip.ClusterInfo>) => {
      server.calls.gossip++
      done(null, clusterInfo(server.members()))
    },
  })
}
