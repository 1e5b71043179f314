/** What hour of the day an instant is in a time zone, 0 to 23; null if there is no such zone. */
export function hourIn(timeZone: string, instant: string): number | null {
  try {
    const hour = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' })
    return Number(hour.format(new Date(instant)))
  } catch (error) {
    // A name of this kind was checked when it was given; an erased one, or one of another Node, is none.
    if (error instanceof RangeError) return null
    throw error
  }
}
