/**
 * Milliseconds of processor time this process has taken: what a limit is set for, since a busy machine
 * makes any work last longer by the clock.
 */
export function worked() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
