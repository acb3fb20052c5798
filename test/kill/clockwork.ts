import { appendFileSync } from 'node:fs';
import { definePlugin, type JobRun } from 'seekeeper';
import type { TimeEvidence } from './time-evidence.ts';

/** Handlers take so long, so that many of the kills come while one is at work, in milliseconds. */
const WORK_MS = 60;

/** Durable time under fire: sets a timer for every private message, and two jobs of every three seconds. */
export const clockwork = (evidencePath: string, pause: (ms: number) => Promise<void>) =>
  definePlugin({
    name: 'clockwork',
    needs: ['pm.read'],
    setup(bot) {
      let set = 0;
      const note = (evidence: TimeEvidence) => appendFileSync(evidencePath, `${JSON.stringify(evidence)}\n`);
      const began = async ({ id, run, due, missed, redelivered }: JobRun, key?: string) => {
        note({ kind: 'run', id, run, due, missed, redelivered, ...(key !== undefined && { key }) });
        await pause(WORK_MS);
      };
      // Nothing may be given up here because it was killed too often.
      const retry = { attempts: 20 };
      const timers = bot.timer<null>('timer', (_, run) => began(run, run.key), { retry });
      const patient = { misfire: 'all', overlap: 'wait', retry } as const;
      bot.every({ id: 'every', every: '3s', ...patient }, (run) => began(run));
      bot.schedule({ id: 'cron', cron: '*/3 * * * * *', ...patient }, (run) => began(run));
      bot.on('private.message', async ({ id }) => {
        // A message that is handled again sets another timer.
        set += 1;
        const key = `${process.pid} ${set} ${id}`;
        await timers.set(key, Date.now() + ((set * 137) % 900), null);
        note({ kind: 'set', key });
      });
    },
  });
