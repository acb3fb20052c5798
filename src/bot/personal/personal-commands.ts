import type { Clock } from '../../platform/clock.ts';
import { type CoreCommand, coreSpec } from '../commands/core-command.ts';
import type { PersonalData } from './personal-data.ts';
import { forgottenLines, reportLines } from './personal-texts.ts';

/** How long `!forgetme` waits for its `yes`, in milliseconds. */
const CONFIRM_MS = 120_000;

/** `!mydata`: everything that is kept about whoever asks, told to them alone. */
export function myDataCommand(data: Pick<PersonalData, 'show'>, clock: Clock): CoreCommand {
  return {
    spec: coreSpec({ name: 'mydata', summary: 'What is kept about you' }),
    async run({ user }) {
      const lines = reportLines(await data.show(user), clock.now(), true);
      return { lines: [...lines, '!forgetme deletes it.'], private: true };
    },
  };
}

/** `!forgetme`, and `!forgetme yes` within two minutes. */
export function forgetMeCommand(data: Pick<PersonalData, 'forget'>, clock: Clock): CoreCommand {
  /** Until when (monotonic) a `yes` counts. */
  const asked = new Map<string, number>();
  return {
    spec: coreSpec({
      name: 'forgetme',
      summary: 'Deletes what is kept about you',
      args: [{ name: 'yes', kind: 'optional', of: { kind: 'oneOf', values: ['yes'] } }],
    }),
    async run({ user, args }) {
      const now = clock.monotonic();
      for (const [who, until] of asked) if (until < now) asked.delete(who);
      if (args['yes'] !== 'yes') {
        asked.set(user, now + CONFIRM_MS);
        const text =
          'This deletes what I and my plugins keep about you, and cannot be undone: !mydata shows it. Say !forgetme yes within 2 minutes.';
        return { lines: [text], private: true };
      }
      if (!asked.delete(user)) return { lines: ['Say !forgetme first, then !forgetme yes.'], private: true };
      const lines = forgottenLines(await data.forget(user));
      return { lines: [...lines, 'What happens from now on is noted anew.'], private: true };
    },
  };
}
