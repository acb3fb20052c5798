import type { Clock } from '../../../platform/clock.ts';

/** A line waits so long for what rules say of it, in milliseconds; after that it goes on without. A rule may set another. */
export const PATIENCE_MS = 1_000;
/** So many failures in a row, and a rule is not asked for a while. */
const MAX_FAILURES = 3;
/** How long at first; it doubles, in milliseconds. */
const FIRST_MS = 60_000;
const LONGEST_MS = 600_000;

interface Sheet {
  failures: number;
  times: number;
  until: number;
  hanging: boolean;
}

/** Rules that are not asked for a while because they hang or fail: nobody's lines wait for them. */
export class Bench {
  readonly #clock: Clock;
  readonly #sheets = new Map<string, Sheet>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isOut(rule: string): boolean {
    const sheet = this.#sheets.get(rule);
    return sheet !== undefined && (sheet.hanging || sheet.until > this.#clock.monotonic());
  }

  good(rule: string): void {
    this.#sheets.delete(rule);
  }

  /** It failed. @returns for how long it is not asked now, in milliseconds; undefined: it is asked again. */
  failed(rule: string): number | undefined {
    const sheet = this.#sheetOf(rule);
    sheet.failures += 1;
    return sheet.failures < MAX_FAILURES ? undefined : this.#sitOut(sheet);
  }

  /** It did not answer in time. @param ended settles when it does. @returns as {@link failed}. */
  hangs(rule: string, ended: Promise<unknown>): number {
    const sheet = this.#sheetOf(rule);
    sheet.hanging = true;
    const free = () => {
      sheet.hanging = false;
    };
    void ended.then(free, free);
    return this.#sitOut(sheet);
  }

  #sitOut(sheet: Sheet): number {
    const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** sheet.times);
    sheet.times += 1;
    sheet.failures = 0;
    sheet.until = this.#clock.monotonic() + ms;
    return ms;
  }

  #sheetOf(rule: string): Sheet {
    const sheet = this.#sheets.get(rule) ?? { failures: 0, times: 0, until: 0, hanging: false };
    this.#sheets.set(rule, sheet);
    return sheet;
  }
}
