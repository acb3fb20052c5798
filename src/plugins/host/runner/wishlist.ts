import type { Registration } from '../../api/bot.ts';
import { toMs } from '../../api/duration.ts';
import { PluginError } from '../../api/errors.ts';
import type {
  WishChange,
  WishDefinition,
  WishFinds,
  WishHandler,
  Wishlist,
  WishOptions,
} from '../../api/wishlist.ts';
import { checkPlain } from '../plain.ts';
import type { WishSpec, WishSpecChange } from '../wire.ts';
import type { CallHost } from './facade.ts';
import { makeRegistration, type Registrations } from './registrations.ts';

const MAX_DATA = 4_096;

/** Makes `bot.wishlist`. */
export function makeWishlist(registrations: Registrations, call: CallHost): Wishlist {
  /** Ids that are registered now: two of the same would take each other's finds. */
  const ids = new Set<string>();

  function register(definition: WishDefinition): Registration {
    const given: unknown = definition;
    if (typeof given !== 'object' || given === null)
      throw new PluginError('invalid', 'bot.wishlist: give it { id, query, … }');
    const { id, onFinds, ...options } = definition;
    const where = `bot.wishlist(${JSON.stringify(id)})`;
    if (onFinds !== undefined) checkHandler(onFinds, `${where}: onFinds`);
    if (ids.has(id)) throw new PluginError('invalid', `${where}: the id is in use already`);
    const registration = registrations.add(
      `wish ${JSON.stringify(id)}`,
      { kind: 'wish', id, spec: specOf(options, where), handled: onFinds !== undefined },
      onFinds === undefined ? { kind: 'none' } : codeOf(onFinds),
    );
    ids.add(id);
    const free = () => void ids.delete(id);
    registration.ready.catch(free);
    return makeRegistration(() => {
      free();
      registration.dispose();
    }, registration.ready);
  }

  const ask = <K extends keyof Wishlist>(method: K, ...args: readonly unknown[]) =>
    call(`wishlist.${method}`, ...args) as ReturnType<Extract<Wishlist[K], (...a: never[]) => unknown>>;

  const methods: Pick<Wishlist, keyof Wishlist> = {
    onFinds(handler) {
      checkHandler(handler, 'bot.wishlist.onFinds');
      return registrations.add('finds of wishes', { kind: 'finds' }, codeOf(handler));
    },
    add: async ({ id, ...options }) => ask('add', id, specOf(options, 'bot.wishlist.add')),
    change: async (id, change) => ask('change', id, changeOf(change)),
    remove: async (id) => ask('remove', id),
    get: async (id) => ask('get', id),
    list: async (query) => ask('list', query),
    pause: async (id, until) => ask('pause', id, until),
    resume: async (id) => ask('resume', id),
    boost: async (id) => ask('boost', id),
    results: async (id, options) => ask('results', id, options?.limit),
    result: async (id, number) => ask('result', id, number),
    why: async (id) => ask('why', id),
    forget: async (id, user) => ask('forget', id, user),
    ignore: async (user) => ask('ignore', user),
    unignore: async (user) => ask('unignore', user),
    ignored: async () => ask('ignored'),
    experience: async (user, how) => ask('experience', user, how),
    check: async (options) => ask('check', specOf(withoutId(options), 'bot.wishlist.check')),
    test: async (options, hit) => ask('test', specOf(withoutId(options), 'bot.wishlist.test'), hit),
    plan: async (ms) => ask('plan', toMs(ms)),
  };
  return Object.freeze(Object.assign(register, methods));
}

function codeOf(handler: WishHandler) {
  return {
    kind: 'run',
    run: async (input: unknown) => {
      await handler(input as WishFinds);
    },
  } as const;
}

function withoutId(options: WishOptions): Omit<WishOptions, 'id'> {
  return Object.fromEntries(Object.entries(options).filter(([key]) => key !== 'id')) as unknown as Omit<
    WishOptions,
    'id'
  >;
}

/** Durations become milliseconds; what is absent stays so. @throws PluginError `invalid`, `not-plain` */
function specOf({ every, atMost, ...rest }: Omit<WishOptions, 'id'>, where: string): WishSpec {
  if (rest.data !== undefined) checkPlain(rest.data, `${where}: data`, MAX_DATA, 'json');
  return {
    ...rest,
    ...(every !== undefined && { everyMs: duration(every, `${where}: every`) }),
    ...(atMost !== undefined && { atMostMs: duration(atMost, `${where}: atMost`) }),
  };
}

function changeOf({ every, atMost, ...rest }: WishChange): WishSpecChange {
  const ms = (value: typeof every, name: string) =>
    value === undefined || value === null ? value : duration(value, `bot.wishlist.change: ${name}`);
  const everyMs = ms(every, 'every');
  const atMostMs = ms(atMost, 'atMost');
  return {
    ...rest,
    ...(everyMs !== undefined && { everyMs }),
    ...(atMostMs !== undefined && { atMostMs }),
  };
}

function duration(value: Parameters<typeof toMs>[0], what: string): number {
  try {
    return toMs(value);
  } catch (error) {
    throw new PluginError('invalid', `${what}: ${(error as Error).message}`);
  }
}

function checkHandler(handler: unknown, what: string): void {
  if (typeof handler !== 'function')
    throw new PluginError('invalid', `${what}: the handler is not a function`);
}
