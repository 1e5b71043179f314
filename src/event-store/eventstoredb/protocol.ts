/**
 * The client package's own generated messages and service, under the names they have on the wire.
 * They are CommonJS whose exports no tool can list, hence the default imports.
 */
export { default as messages } from '@eventstore/db-client/generated/streams_pb.js'
export { default as shared } from '@eventstore/db-client/generated/shared_pb.js'
export { default as service } from '@eventstore/db-client/generated/streams_grpc_pb.js'
