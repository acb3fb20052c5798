/** Processor time that this process has had so far, all threads together, in milliseconds. */
export function processorTimeMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
