import type { Registration } from '../../api/bot.ts';
import { type DurationInput, toMs } from '../../api/duration.ts';
import { PluginError } from '../../api/errors.ts';
import type {
  EveryOptions,
  JobHandler,
  JobRun,
  PendingTimer,
  RetryOptions,
  ScheduleOptions,
  TimerHandler,
  TimerOptions,
  TimerRun,
  Timers,
} from '../../api/time.ts';
import { checkJobId, checkJobSpec, checkRetry, nameOf } from '../job-spec.ts';
import { checkPlain } from '../plain.ts';
import { MAX_TIMER_BYTES } from '../timer-input.ts';
import type { JobSpec, RetrySpec } from '../wire.ts';
import type { CallHost } from './facade.ts';
import { makeRegistration, type Registrations } from './registrations.ts';

const USUAL_ATTEMPTS = 5;
const USUAL_BACKOFF_MS = 60_000;

/** `bot.schedule`, `bot.every` and `bot.timer`. */
export class Jobs {
  readonly #registrations: Registrations;
  readonly #call: CallHost;
  /** Ids in use: `job daily`, `timer remind`. */
  readonly #ids = new Set<string>();

  constructor(registrations: Registrations, call: CallHost) {
    this.#registrations = registrations;
    this.#call = call;
  }

  /** @throws PluginError `invalid`, `unloaded`. */
  schedule(options: ScheduleOptions, run: JobHandler): Registration {
    const given = checkOptions(options, run, 'bot.schedule');
    const { cron, timezone, gap = 'shift', fold = 'first' } = given;
    return this.#addJob(
      given,
      { kind: 'cron', cron, ...(timezone === undefined ? {} : { timezone }), gap, fold },
      run,
      `bot.schedule(${nameOf(given.id)})`,
    );
  }

  /** @throws PluginError `invalid`, `unloaded`. */
  every(options: EveryOptions, run: JobHandler): Registration {
    const given = checkOptions(options, run, 'bot.every');
    const where = `bot.every(${nameOf(given.id)})`;
    const everyMs = duration(given.every, `${where}: every`);
    const jitterMs = given.jitter === undefined ? 0 : duration(given.jitter, `${where}: jitter`);
    return this.#addJob(given, { kind: 'every', everyMs, jitterMs }, run, where);
  }

  /** @throws PluginError `invalid`, `unloaded`. */
  timer<T>(id: string, run: TimerHandler<T>, options: TimerOptions = {}): Timers<T> {
    const where = `bot.timer(${nameOf(id)})`;
    if (typeof run !== 'function')
      throw new PluginError('invalid', `${where}: the handler is not a function`);
    checkJobId(id, where);
    const retry = checkRetry(retryOf(options.retry, where), where);
    const registration = this.#add(`timer ${id}`, where, () =>
      this.#registrations.add(
        `timer ${JSON.stringify(id)}`,
        { kind: 'timer', id, retry },
        {
          kind: 'run',
          run: (input) => {
            const { payload, timer } = input as { payload: T; timer: TimerRun };
            return withoutValue(run(payload, timer));
          },
        },
      ),
    );
    return Object.freeze<Timers<T>>({
      dispose: () => registration.dispose(),
      ready: registration.ready,
      [Symbol.dispose]: () => registration.dispose(),
      set: async (key, at, payload) => {
        checkPlain(payload ?? null, `${where}: set(${JSON.stringify(key)})`, MAX_TIMER_BYTES, 'json');
        await this.#call('timers.set', id, key, at, payload);
      },
      cancel: async (key) => (await this.#call('timers.cancel', id, key)) as boolean,
      get: async (key) => (await this.#call('timers.get', id, key)) as PendingTimer<T> | undefined,
      list: async (prefix = '') =>
        (await this.#call('timers.list', id, prefix)) as readonly PendingTimer<T>[],
    });
  }

  #addJob(
    { id, misfire = 'once', overlap = 'skip', retry }: ScheduleOptions | EveryOptions,
    when: JobSpec['when'],
    run: JobHandler,
    where: string,
  ): Registration {
    const spec = checkJobSpec({ id, when, misfire, overlap, retry: retryOf(retry, where) });
    return this.#add(`job ${id}`, where, () =>
      this.#registrations.add(
        `job ${JSON.stringify(id)}`,
        { kind: 'job', spec },
        { kind: 'run', run: (input) => withoutValue(run(input as JobRun)) },
      ),
    );
  }

  /** An id names one thing: two jobs of the same one would run each other's times. */
  #add(key: string, where: string, make: () => Registration): Registration {
    if (this.#ids.has(key)) throw new PluginError('invalid', `${where}: the id is in use already`);
    const registration = make();
    this.#ids.add(key);
    const free = () => void this.#ids.delete(key);
    registration.ready.catch(free);
    return makeRegistration(() => {
      free();
      registration.dispose();
    }, registration.ready);
  }
}

/** What a handler returns is not used, and need not be plain data. */
async function withoutValue(running: unknown): Promise<void> {
  await running;
}

/** Plugins in JavaScript forget the options, or the handler. */
function checkOptions<T extends { readonly id: string }>(options: T, run: unknown, where: string): T {
  const given: unknown = options;
  if (typeof given !== 'object' || given === null)
    throw new PluginError('invalid', `${where}: give it options with an id, and a function`);
  if (typeof run !== 'function')
    throw new PluginError('invalid', `${where}(${nameOf(options.id)}): the handler is not a function`);
  return options;
}

function retryOf(options: RetryOptions | undefined, where: string): RetrySpec {
  return {
    attempts: options?.attempts ?? USUAL_ATTEMPTS,
    backoffMs:
      options?.backoff === undefined
        ? USUAL_BACKOFF_MS
        : duration(options.backoff, `${where}: retry.backoff`),
  };
}

function duration(input: DurationInput, where: string): number {
  try {
    return toMs(input);
  } catch (error) {
    throw new PluginError('invalid', `${where}: ${(error as Error).message}`);
  }
}
