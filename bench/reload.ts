import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Benchmark } from './benchmark.ts';
import { build } from './built-bot.ts';
import type { ReloadFigures } from './reload-parts/host.ts';

const BUDGET_MB = 40;

/** Time and memory of 200 reloads of a changed plugin that holds 1 MiB; built, each runtime in a new process. */
export const reload: Benchmark = {
  name: 'reload',
  summary: '200 reloads of a plugin that holds 1 MiB, in-process and in a worker',
  async run() {
    build();
    const inproc = await measure('inproc');
    const worker = await measure('worker');
    const grown = Math.max(inproc.grownMb, worker.grownMb);
    const line = (what: string, { ms, grownMb }: ReloadFigures) =>
      `${what}: ${ms.toFixed(1)} ms each (median), the process grew by ${grownMb.toFixed(1)} MB`;
    return {
      figure: grown.toFixed(1),
      unit: 'MB after 200 reloads',
      budget: `< ${BUDGET_MB}`,
      ok: grown < BUDGET_MB,
      details: [line('in-process', inproc), line('in a worker', worker)],
    };
  },
};

async function measure(kind: 'inproc' | 'worker'): Promise<ReloadFigures> {
  const child: ChildProcess = fork(new URL('./reload-parts/host.ts', import.meta.url), [kind], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
  });
  const [figures] = (await once(child, 'message')) as [ReloadFigures];
  child.disconnect();
  return figures;
}
