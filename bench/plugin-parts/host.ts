import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as CheckModule from '../../src/bot/check/no-services.ts';
import type * as ClockModule from '../../src/platform/real/real-clock.ts';
import type { RoomMessage } from '../../src/plugins/api/events.ts';
import type * as HostModule from '../../src/plugins/host/plugin-host.ts';
import type { RuntimeChoice } from '../../src/plugins/host/types.ts';

/** What one round measured. Rates are per second, memory in MB (2^20 bytes) of resident set. */
export interface PluginFigures {
  readonly inprocOne: number;
  readonly inprocMany: number;
  readonly workerOne: number;
  readonly workerMany: number;
  readonly firstMs: number;
  readonly nextMs: number;
  readonly workerMb: number;
  readonly sharedMb: number;
  readonly leftMb: number;
}

const WORKERS = 10;
const EVENTS = 10_000;
const PEOPLE = 64;

const PLUGIN = `import { definePlugin } from 'seekeeper';
export default definePlugin({
  name: 'counter',
  needs: ['room.read'],
  setup(bot) {
    bot.on('room.message', async (e) => {
      const count = (await bot.store.get<number>(e.user)) ?? 0;
      await bot.store.set(e.user, count + 1);
    });
  },
});
`;

const built = async <T>(path: string) =>
  (await import(new URL(`../../dist/${path}`, import.meta.url).href)) as T;
const { PluginHost } = await built<typeof HostModule>('plugins/host/plugin-host.js');
const { NoServices } = await built<typeof CheckModule>('bot/check/no-services.js');
const { RealClock } = await built<typeof ClockModule>('platform/real/real-clock.js');

/** The bot's services with a store that answers at once: what is measured is the way there and back. */
class InstantServices extends NoServices {
  override readonly store = {
    ...new NoServices('keeper').store,
    version: async () => 1,
    get: async () => ({ value: 1, version: 1 }),
    set: async () => {},
  };
}

const folder = mkdtempSync(join(tmpdir(), 'seekeeper-plugins-'));
writeFileSync(join(folder, 'counter.ts'), PLUGIN);
const host = new PluginHost({
  clock: new RealClock(),
  services: new InstantServices('keeper'),
  baseDir: folder,
});
const load = async (id: string, runtime: RuntimeChoice) => {
  const began = performance.now();
  await host.load({ id, use: { path: './counter.ts' }, runtime });
  return performance.now() - began;
};
const residentMb = () => process.memoryUsage.rss() / 2 ** 20;

function message(user: number, number: number): RoomMessage {
  return {
    type: 'room.message',
    at: 0,
    id: `m${number}`,
    room: { name: 'indie', private: false },
    user: `user${user}`,
    text: 'anyone has the first demo?',
  } as RoomMessage;
}

/** Events per second, with so many people who talk. */
async function rate(people: number): Promise<number> {
  const began = performance.now();
  for (let sent = 0; sent < EVENTS; sent += people)
    await Promise.all(Array.from({ length: people }, (_, user) => host.dispatch(message(user, sent + user))));
  return (EVENTS / (performance.now() - began)) * 1_000;
}

async function rates(runtime: RuntimeChoice): Promise<readonly [number, number]> {
  await load('counter', runtime);
  await rate(PEOPLE);
  const result = [await rate(1), await rate(PEOPLE)] as const;
  await host.unload('counter', 'measured');
  return result;
}

/** Loads ten of them. @returns what they took */
async function ten(runtime: RuntimeChoice): Promise<{ readonly ms: readonly number[]; readonly mb: number }> {
  const before = residentMb();
  const ms: number[] = [];
  for (let n = 0; n < WORKERS; n += 1) ms.push(await load(`c${n}`, runtime));
  // The thread that compiled them ends two seconds after the last one.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  return { ms, mb: residentMb() - before };
}

// What the process itself needs for its first worker it keeps.
const firstMs = await load('first', { kind: 'worker' });
await host.close('measured');
await new Promise((resolve) => setTimeout(resolve, 2_500));
const before = residentMb();
const alone = await ten({ kind: 'worker' });
await host.close('measured');
const leftMb = residentMb() - before;
const shared = await ten({ kind: 'worker', share: 'all' });
await host.close('measured');
const [inprocOne, inprocMany] = await rates({ kind: 'inproc' });
const [workerOne, workerMany] = await rates({ kind: 'worker' });
rmSync(folder, { recursive: true });

process.send?.({
  inprocOne,
  inprocMany,
  workerOne,
  workerMany,
  firstMs,
  nextMs: alone.ms.reduce((sum, ms) => sum + ms, 0) / WORKERS,
  workerMb: alone.mb / WORKERS,
  sharedMb: shared.mb,
  leftMb,
} satisfies PluginFigures);
