import { RealClock } from '../../../platform/real/real-clock.ts';
import { LineBudget } from '../line-budget.ts';

/** Longest line that is kept, in UTF-16 code units. */
const MAX_LINE = 2_000;

type Write = (line: string, lost: number) => void;

/** What is printed in a worker, as lines: so many at once, and so many a second; more are left out and counted. */
export class Output {
  readonly #write: Write;
  readonly #budget = new LineBudget(new RealClock(), { burst: 100, perSecond: 10 });
  #rest = '';

  constructor(write: Write) {
    this.#write = write;
  }

  add(text: string): void {
    const lines = (this.#rest + text).split('\n');
    const rest = lines.pop() ?? '';
    this.#rest = rest.slice(0, MAX_LINE);
    for (const line of lines) {
      const lost = this.#budget.take();
      if (lost !== undefined && line.trim() !== '') this.#write(line.slice(0, MAX_LINE), lost);
    }
  }
}

/** Takes over what is printed in this thread. @param print called with every piece of text */
export function captureOutput(print: (text: string) => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      print(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') queueMicrotask(() => void (callback as () => unknown)());
      return true;
    };
    Object.defineProperty(stream, 'write', { value: write, configurable: true, writable: true });
  }
}
