import type { Position } from '../event-store.js'
import { Failure, deleted, denied, silent, tooLarge } from './failure.js'
import { type messages, shared } from './protocol.js'

export type AppendOutcome =
  /** The server's number of the last of the events, and a position that is its, if it was only one. */
  | { readonly done: bigint; readonly position: Position | undefined }
  /** The server's number of the stream's last event; -1 for none. */
  | { readonly wrong: bigint }
  | { readonly failure: Failure; readonly mayBeWritten: boolean }

/** What the server answered to one append. Half an answer is none. */
export function outcomeOf(answer: messages.BatchAppendResp): AppendOutcome {
  const success = answer.getSuccess()
  if (!success?.hasCurrentRevision()) return refusal(answer.getError())
  const position = success.getPosition()?.getCommitPosition()
  return {
    done: BigInt(success.getCurrentRevision()),
    position: position === undefined ? undefined : BigInt(position),
  }
}

type Status = NonNullable<ReturnType<messages.BatchAppendResp['getError']>>

function refusal(error: Status | undefined): AppendOutcome {
  const details = error?.getDetails()
  const bytes = details?.getValue_asU8() ?? new Uint8Array()
  switch (details?.getTypeName()) {
    case 'event_store.client.WrongExpectedVersion':
      return { wrong: actualIn(shared.WrongExpectedVersion.deserializeBinary(bytes)) }
    case 'event_store.client.MaximumAppendSizeExceeded': {
      const told = shared.MaximumAppendSizeExceeded.deserializeBinary(bytes)
      return { failure: tooLarge(told.getMaxappendsize()), mayBeWritten: false }
    }
    case 'event_store.client.AccessDenied':
      return { failure: denied(), mayBeWritten: false }
    case 'event_store.client.StreamDeleted':
      return { failure: deleted(), mayBeWritten: false }
    case 'event_store.client.Timeout':
      return { failure: new Failure('BUSY', 'EventStoreDB ran out of time.'), mayBeWritten: true }
    default:
      return unknown(error?.getMessage())
  }
}

/** A node that starts, or knows of no leader, has not looked at the append. */
const notHandled = /^Server (Is Not Ready|Is Too Busy|Busy)$/i

/** Also of an answer that says neither: the server knows more than it says. */
function unknown(message = 'nothing that is known'): AppendOutcome {
  const isHandled = !notHandled.test(message)
  const failure = new Failure(isHandled ? 'OTHER' : 'BUSY', `EventStoreDB answered: ${message}.`)
  return { failure, mayBeWritten: isHandled }
}

const actualIn = (wrong: InstanceType<typeof shared.WrongExpectedVersion>) =>
  wrong.hasCurrentStreamRevision() ? BigInt(wrong.getCurrentStreamRevision()) : -1n

/** No answer came in time. */
export const noAnswer = (ms: number, sent: boolean): AppendOutcome => ({
  failure: silent(ms),
  mayBeWritten: sent,
})
