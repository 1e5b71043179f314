import { randomUUID } from 'node:crypto'
import { expect, test } from '@jest/globals'
import { credentials } from '@grpc/grpc-js'
import { fault } from './faults.js'
import { googleEmpty, shared, streams, streamsService } from './protocol.js'
import { TestServer } from './server.js'

/** Without the client around the protocol: it does not survive this answer. */
test('an answer under a correlation id nobody sent takes the place of the right one', async () => {
  const server = await TestServer.start()
  const client = new streamsService.StreamsClient(
    `127.0.0.1:${server.port}`,
    credentials.createInsecure(),
  )
  server.faults.next('append', fault.unknownCorrelation)
  const call = client.batchAppend()
  const answers: streams.BatchAppendResp[] = []
  call.on('data', answer => answers.push(answer))
  const asked = [randomUUID(), randomUUID()]
  for (const id of asked) call.write(request(id))
  call.end()
  await new Promise(resolve => call.once('end', resolve))
  const [stray, right] = answers.map(answer => answer.getCorrelationId()!.getString())
  expect(asked).not.toContain(stray)
  expect(right).toBe(asked[1])
  expect(server.log.stream('s')).toHaveLength(2)
  client.close()
  await server.stop()
})

function request(correlation: string) {
  const options = new streams.BatchAppendReq.Options()
  options.setStreamIdentifier(new shared.StreamIdentifier().setStreamName(Buffer.from('s')))
  options.setAny(new googleEmpty.Empty())
  const message = new streams.BatchAppendReq.ProposedMessage()
  message.setId(new shared.UUID().setString(randomUUID()))
  message.getMetadataMap().set('type', 'Any').set('content-type', 'application/json')
  return new streams.BatchAppendReq()
    .setCorrelationId(new shared.UUID().setString(correlation))
    .setOptions(options)
    .setProposedMessagesList([message])
    .setIsFinal(true)
}
