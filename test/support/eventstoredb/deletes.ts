import type { ServerUnaryCall, sendUnaryData } from '@grpc/grpc-js'
import { wrongRevisionOnDelete } from './errors.js'
import { judge } from './expected.js'
import { softDelete } from './hiding.js'
import { streams } from './protocol.js'
import { expectedOf, streamName } from './requests.js'
import type { TestServer } from './server.js'

export type DeleteCall = ServerUnaryCall<streams.DeleteReq, streams.DeleteResp>

/** Deletes as far as readers of the stream are concerned; $all keeps the events. */
export function softDeletion(
  server: TestServer,
  call: DeleteCall,
  done: sendUnaryData<streams.DeleteResp>,
) {
  const refusal = server.refusal(call)
  if (refusal) return done(refusal)
  const options = call.request.getOptions()!
  const stream = streamName(options.getStreamIdentifier())
  const expected = expectedOf(options)
  if (judge(server.log, stream, expected, []) !== 'APPEND') {
    return done(wrongRevisionOnDelete(stream, expected, server.log.stream(stream).at(-1)?.revision))
  }
  softDelete(server.log, stream)
  const position = String(server.log.all.at(-1)!.position)
  const place = new streams.DeleteResp.Position()
  place.setCommitPosition(position).setPreparePosition(position)
  done(null, new streams.DeleteResp().setPosition(place))
}
