import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Benchmark } from './benchmark.ts';
import { build, median } from './built-bot.ts';
import type { PluginFigures } from './plugin-parts/host.ts';

const ROUNDS = 5;
const BUDGET_MB = 25;

/** Events through a handler that asks the store twice, and what a worker costs; built, each round in a new process. */
export const plugins: Benchmark = {
  name: 'plugins',
  summary: 'events through plugins in-process and in workers, and what a worker costs',
  async run() {
    build();
    const rounds: PluginFigures[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure());
    const of = (key: keyof PluginFigures) => median(rounds.map((figures) => figures[key]));
    const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')}/s`;
    const figure = of('workerMb');
    return {
      figure: figure.toFixed(1),
      unit: 'MB per worker',
      budget: `< ${BUDGET_MB}`,
      ok: figure < BUDGET_MB,
      details: [
        `room messages through a handler with two calls to the store, medians of ${ROUNDS} rounds`,
        `in-process: ${perSecond(of('inprocOne'))} one at a time, ${perSecond(of('inprocMany'))} of 64 people`,
        `in a worker: ${perSecond(of('workerOne'))} one at a time, ${perSecond(of('workerMany'))} of 64 people`,
        `start of a plugin in a worker: ${Math.round(of('firstMs'))} ms for the first, ${Math.round(of('nextMs'))} ms for the next ones`,
        `ten plugins that share one worker: ${of('sharedMb').toFixed(1)} MB together`,
        `kept by the process after ten workers were ended, which does not grow with more: ${of('leftMb').toFixed(1)} MB`,
      ],
    };
  },
};

async function measure(): Promise<PluginFigures> {
  const child: ChildProcess = fork(new URL('./plugin-parts/host.ts', import.meta.url), {
    execArgv: ['--import', 'tsx'],
  });
  const [figures] = (await once(child, 'message')) as [PluginFigures];
  child.disconnect();
  return figures;
}
