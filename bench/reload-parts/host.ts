import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PluginHost as Host } from '../../src/plugins/host/plugin-host.ts';
import type { HostServices } from '../../src/plugins/host/services.ts';
import type { RuntimeChoice } from '../../src/plugins/host/types.ts';

/** What one runtime costs in reloads. */
export interface ReloadFigures {
  /** Median of one reload, in milliseconds. */
  readonly ms: number;
  /** What the process has grown by over the reloads, after garbage was collected, in MB. */
  readonly grownMb: number;
}

const WARM_UP = 20;
const RELOADS = 200;

/** Holds 1 MiB, as a plugin with a word list does. */
const plugin = (version: number) => `
import { definePlugin } from 'seekeeper';
const held = new Uint8Array(1_048_576).fill(${version % 256});
export default definePlugin({
  name: 'reloaded',
  needs: ['room.read'],
  setup(bot) {
    bot.on('room.message', () => held[0]);
    bot.command({ name: 'held', summary: 'x', run: () => String(held.length) });
  },
});`;

const { PluginHost } = (await import(
  new URL('../../dist/plugins/host/plugin-host.js', import.meta.url).href
)) as {
  PluginHost: typeof Host;
};
const { RealClock } = (await import(
  new URL('../../dist/platform/real/real-clock.js', import.meta.url).href
)) as {
  RealClock: new () => ConstructorParameters<typeof Host>[0]['clock'];
};

const nothing = () => () => {};
/** As much of a bot as a plugin needs that only registers. */
const services = {
  self: { user: 'bot' },
  languages: { usual: 'en', rooms: {} },
  seed: () => 'bench',
  current: () => [],
  log: () => {},
  report: (problem: { message: string }) => {
    throw new Error(problem.message);
  },
  store: { version: async () => 1, limit: () => {} },
  commands: { register: () => {}, unregister: () => {} },
  personal: { declare: nothing, handle: nothing },
} as unknown as HostServices;

async function measure(kind: RuntimeChoice['kind']): Promise<ReloadFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'seekeeper-bench-'));
  const file = join(folder, 'reloaded.ts');
  const host = new PluginHost({ clock: new RealClock(), services, baseDir: folder });
  const request = { id: 'reloaded', use: { path: file }, runtime: { kind } };
  const times: number[] = [];
  try {
    for (let version = 0; version < WARM_UP; version++) {
      writeFileSync(file, plugin(version));
      await host.reload(request);
    }
    const before = await resting();
    for (let version = 0; version < RELOADS; version++) {
      writeFileSync(file, plugin(version));
      const begun = performance.now();
      await host.reload(request);
      times.push(performance.now() - begun);
    }
    const grown = (await resting()) - before;
    times.sort((a, b) => a - b);
    return { ms: times[RELOADS >> 1] ?? 0, grownMb: grown / 1_048_576 };
  } finally {
    await host.close('measured');
    rmSync(folder, { recursive: true });
  }
}

async function resting(): Promise<number> {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    global.gc?.();
  }
  return process.memoryUsage().rss;
}

process.send?.(await measure(process.argv[2] === 'worker' ? 'worker' : 'inproc'));
