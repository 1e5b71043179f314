const mostRounds = 20

/**
 * Checks a property in rounds until it met what it is there for: chance decides what a round
 * meets, and no test may fail by bad luck. What no round meets is told as `met` tells it.
 */
export function untilSeen(round: () => unknown, met: () => unknown) {
  for (let rounds = 1; ; rounds++) {
    round()
    try {
      return met()
    } catch (unmet) {
      if (rounds === mostRounds) throw unmet
    }
  }
}
