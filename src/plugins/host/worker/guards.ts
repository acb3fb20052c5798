/** Signals that a process sends to itself to ask something, not to end. */
const HARMLESS = new Set<unknown>([0]);

type Exit = (code?: string | number | null) => never;

/** Node has it, and its types do not. */
interface ReallyExit {
  reallyExit(code?: number): never;
}

/**
 * Everything by which a plugin could end the whole process ends its worker only, and says how. Against accidents: native
 * code, and a plugin that means to, still can.
 * @param ending told once, before the worker ends
 */
export function guardProcess(ending: (how: string) => void): void {
  // What process.exit calls in the end; it runs no code of the plugin any more.
  const reallyExit = (process as unknown as ReallyExit).reallyExit.bind(process);
  const realKill = process.kill.bind(process);
  let ended = false;
  const end = (how: string): never => {
    if (!ended) {
      ended = true;
      ending(how);
    }
    return reallyExit(0);
  };
  const exit: Exit = (code) => end(`process.exit(${code ?? ''})`);
  const replacements = {
    exit,
    reallyExit: (code?: number) => end(`process.reallyExit(${code ?? ''})`),
    abort: () => end('process.abort()'),
    kill: (pid: number, signal?: string | number) => {
      if (!isUs(pid) || HARMLESS.has(signal)) return realKill(pid, signal);
      const shown = signal === undefined ? '' : `, ${JSON.stringify(signal)}`;
      return end(`process.kill(${pid}${shown})`);
    },
  };
  for (const [name, value] of Object.entries(replacements)) {
    Object.defineProperty(process, name, { value, configurable: true, writable: true });
  }
}

/** The bot's process, its group, or everybody's. */
function isUs(pid: number): boolean {
  return pid === process.pid || pid === -process.pid || pid === 0 || pid === -1;
}
