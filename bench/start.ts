import { nullLog } from '../src/platform/null-log.ts';
import { realPlatform } from '../src/platform/real/real-platform.ts';
import { realSandbox } from '../src/sandbox/index.ts';
import type { Benchmark } from './benchmark.ts';
import { BuiltBot, build, median } from './built-bot.ts';

const ROUNDS = 7;
const BUDGET_MS = 1500;

/** From `seekeeper start` as a new process to being in its room, as the server sees it. */
export const start: Benchmark = {
  name: 'start',
  summary: 'from starting the process to being in a room on the sandbox, built',
  async run() {
    build();
    const taken: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) taken.push(await once());
    const figure = median(taken);
    return {
      figure: String(Math.round(figure)),
      unit: 'ms',
      budget: `< ${BUDGET_MS}`,
      ok: figure < BUDGET_MS,
      details: [
        `${ROUNDS} starts, each with a new store and an example plugin: ${taken.map((ms) => Math.round(ms)).join(', ')} ms`,
      ],
    };
  },
};

async function once(): Promise<number> {
  const sandbox = await realSandbox({ platform: realPlatform(nullLog) });
  const joined = new Promise<void>((resolve) => {
    sandbox.server.on('response', ({ user, response }) => {
      if (user === 'keeper' && response.type === 'JoinRoom') resolve();
    });
  });
  const began = performance.now();
  const plugins = `{ ${JSON.stringify(new URL('../plugins-examples/seen.ts', import.meta.url).pathname)}: {} }`;
  const bot = new BuiltBot({ port: sandbox.address.port, rooms: ['lobby'], plugins });
  await joined;
  const took = performance.now() - began;
  await bot.stop();
  await sandbox.stop();
  return took;
}
