import type { Registrar } from '../host-registrations.ts';
import { checkJobId, checkJobSpec, checkRetry, nameOf } from '../job-spec.ts';
import { outcomeOf } from './outcome.ts';
import { outside } from './outside.ts';

/** `bot.schedule` and `bot.every`. */
export const job: Registrar<'job'> = ({ id, services, run }, reg, { spec: given }) => {
  const spec = checkJobSpec(given);
  const route = { reg, where: `job ${spec.id}` };
  return outside(() => services.jobs.register(id, spec, async (due) => outcomeOf(await run(route, due))));
};

/** `bot.timer`. */
export const timer: Registrar<'timer'> = ({ id, services, run }, reg, given) => {
  const where = `bot.timer(${nameOf(given.id)})`;
  const kind = checkJobId(given.id, where);
  const retry = checkRetry(given.retry, where);
  const route = { reg, where: `timer ${kind}` };
  return outside(() =>
    services.jobs.listen(id, kind, retry, async (payload, fired) =>
      outcomeOf(await run(route, { payload, timer: fired })),
    ),
  );
};
