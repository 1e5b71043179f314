import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Loaded before a program: tells on SIGUSR2 how long its event loop stood still since the last time, and its size. */
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  const { rss, heapUsed } = process.memoryUsage()
  console.log(`STATS ${JSON.stringify({ stallMs: delay.max / 1e6, rss, heapUsed })}`)
  delay.reset()
})
