import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import type { ConnectionKind } from '../../src/protocol/table.ts';
import { ClientRig, judgeClient } from './client.ts';
import { clientFrames } from './client-frames.ts';
import type { Finding } from './corpus.ts';
import { decoderCase, judgeDecoders } from './decoders.ts';

export const KINDS = ['server', 'init', 'peer', 'distributed', 'file'] as const satisfies ConnectionKind[];

export interface FuzzRun {
  readonly kind: ConnectionKind;
  readonly frames: number;
  readonly seed: string;
}

export interface FuzzOutcome {
  readonly frames: number;
  /** Bytes that the process grew by between a tenth of the way and the end, after collecting garbage. */
  readonly growth: number;
  readonly findings: readonly Finding[];
}

/** After so many findings a run ends. */
const ENOUGH = 10;
/** Frames to a client between two looks at whether it is well. */
const BATCH = 2000;

/** Frames for the decoders between two turns of the event loop, in which Node lets go of zlib streams that failed. */
const SLICE = 1000;

/** Mutated frames against splitter and decoders. */
export async function fuzzDecoders(
  { kind, frames, seed }: FuzzRun,
  judge = judgeDecoders,
): Promise<FuzzOutcome> {
  const random = new SeededRandom(`decoders ${kind} ${seed}`);
  const findings: Finding[] = [];
  let base = 0;
  let done = 0;
  for (; done < frames && findings.length < ENOUGH; done++) {
    if (done % SLICE === 0) await turn();
    if (done === Math.floor(frames / 10)) base = await memory();
    const input = decoderCase(kind, random);
    const problem = judge(input);
    if (problem !== undefined) findings.push({ target: 'decoders', problem, seed, input });
  }
  return { frames: done, growth: (await memory()) - base, findings };
}

/** Mutated frames against one running client, which has to be well after each batch. Ends with the first finding. */
export async function fuzzClient({ kind, frames, seed }: FuzzRun): Promise<FuzzOutcome> {
  const random = new SeededRandom(`client ${kind} ${seed}`);
  const rig = await ClientRig.start(kind, seed);
  let base = 0;
  let done = 0;
  try {
    while (done < frames) {
      const batch = clientFrames(kind, Math.min(BATCH, frames - done), random);
      const problem = await attempt(rig, batch);
      if (problem !== undefined) {
        const input = await smallest({ kind, seed, frames: batch });
        return { frames: done, growth: 0, findings: [{ target: 'client', problem, seed, input }] };
      }
      done += batch.length;
      if (base === 0 && done >= frames / 10) base = await memory();
    }
    return { frames: done, growth: (await memory()) - base, findings: [] };
  } finally {
    await rig.stop().catch(() => {});
  }
}

async function attempt(rig: ClientRig, batch: readonly string[]): Promise<string | undefined> {
  try {
    await rig.feed(batch);
    return await rig.problem();
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Half of the frames, as long as half of them still does it. What needs all that came before stays a whole batch. */
async function smallest(
  whole: Parameters<typeof judgeClient>[0],
): Promise<Parameters<typeof judgeClient>[0]> {
  let input = whole;
  while (input.frames.length > 1) {
    const middle = input.frames.length >> 1;
    const halves = [input.frames.slice(0, middle), input.frames.slice(middle)];
    let smaller: typeof input | undefined;
    for (const frames of halves) {
      if ((await judgeClient({ ...input, frames })) === undefined) continue;
      smaller = { ...input, frames };
      break;
    }
    if (!smaller) break;
    input = smaller;
  }
  return input;
}

let collect: (() => void) | undefined;

/** Bytes held, once everything that can be let go of is gone. */
async function memory(): Promise<number> {
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as () => void;
  }
  await turn();
  collect();
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
