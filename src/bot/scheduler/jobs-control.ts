import { ControlError } from '../control/control-error.ts';
import type { JobsReport } from './jobs-report.ts';
import type { Scheduler } from './scheduler.ts';

/** What can be asked of durable time. `name`: a run's name; for `run` a job as `plugin/job`. */
export type JobsRequest =
  | { readonly act: 'list' }
  | { readonly act: 'retry' | 'discard' | 'run'; readonly name: string };

/** What became of it: how everything stands, or whether it was done, in words. */
export type JobsAnswer = { readonly report: JobsReport } | { readonly ok: boolean; readonly text: string };

type JobsControl = Pick<Scheduler, 'report' | 'retry' | 'discard' | 'runNow'>;

/** Answers `seekeeper jobs`. @throws ControlError `protocol` (as rejection) for what nobody asks. */
export async function controlJobs(scheduler: JobsControl, args: unknown): Promise<JobsAnswer> {
  const request = readRequest(args);
  switch (request.act) {
    case 'list':
      return { report: await scheduler.report() };
    case 'retry':
      return answer(await scheduler.retry(request.name), `${request.name} is tried again`, request.name);
    case 'discard':
      return answer(await scheduler.discard(request.name), `${request.name} is forgotten`, request.name);
    case 'run': {
      // An instance's id has no slash; a job's may.
      const [, instance, id] = /^([^/]+)\/(.+)$/su.exec(request.name) ?? [];
      const run =
        instance === undefined || id === undefined ? undefined : await scheduler.runNow(instance, id);
      if (run !== undefined) return { ok: true, text: `${request.name} runs now [${run}]` };
      return { ok: false, text: `no plugin registers a job "${request.name}"; give it as PLUGIN/JOB` };
    }
  }
}

function answer(ok: boolean, text: string, run: string): JobsAnswer {
  return ok ? { ok, text } : { ok, text: `no run "${run}" was given up` };
}

function readRequest(args: unknown): JobsRequest {
  const given: Partial<Record<string, unknown>> = typeof args === 'object' && args !== null ? args : {};
  const { act, name } = given;
  if (act === 'list') return { act };
  if ((act === 'retry' || act === 'discard' || act === 'run') && typeof name === 'string')
    return { act, name };
  throw new ControlError('protocol', 'The command needs what to do, and with what');
}
