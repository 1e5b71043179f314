import { monitorEventLoopDelay } from 'node:perf_hooks'

/**
 * Loaded before a program: tells on SIGUSR2 how long its event loop stood still since the last time, and on
 * SIGHUP its size without what is garbage. What a collection leaves to do would slow what is timed next.
 */
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('SIGUSR2', () => {
  console.log(`STATS ${JSON.stringify({ stallMs: delay.max / 1e6 })}`)
  delay.reset()
})
process.on('SIGHUP', () => {
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  console.log(`STATS ${JSON.stringify({ rss, heapUsed })}`)
})
