import type { Cast, Part } from './scenario.ts';

/** What became of one part. */
export interface Judged {
  readonly what: string;
  /** Absent: it did its part. */
  readonly problem?: string;
}

/** Plays the parts one after another and judges each; a part that failed does not stop the rest. */
export async function playScenario(
  parts: readonly Part[],
  cast: Cast,
  told: (judged: Judged) => void,
): Promise<readonly Judged[]> {
  const all: Judged[] = [];
  for (const { what, play } of parts) {
    let judged: Judged = { what };
    try {
      await play(cast);
    } catch (error) {
      judged = { what, problem: error instanceof Error ? error.message : String(error) };
    }
    all.push(judged);
    told(judged);
  }
  return all;
}
