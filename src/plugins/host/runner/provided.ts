import type { Registration } from '../../api/bot.ts';
import { PluginError } from '../../api/errors.ts';
import type { Remote, ServiceMethods } from '../../api/provide.ts';
import type { CallHost } from './facade.ts';
import { makeRegistration, type Registrations } from './registrations.ts';

/** Names that would make a remote look like something else: a promise, or a value that knows its JSON. */
const NO_METHODS: ReadonlySet<string> = new Set(['then', 'toJSON']);

interface Call {
  readonly method: string;
  readonly args: readonly unknown[];
}

/** `bot.provide` and `bot.use`. */
export class Provided {
  readonly #registrations: Registrations;
  readonly #call: CallHost;
  readonly #names = new Set<string>();

  constructor(registrations: Registrations, call: CallHost) {
    this.#registrations = registrations;
    this.#call = call;
  }

  /** @throws PluginError `invalid`, `unloaded`. */
  provide(name: string, methods: ServiceMethods): Registration {
    const names = methodNames(name, methods);
    if (this.#names.has(name)) throw new PluginError('invalid', `${where(name)}: it is provided already`);
    const registration = this.#registrations.add(
      `service ${JSON.stringify(name)}`,
      { kind: 'service', name, methods: names },
      {
        kind: 'run',
        run: (input) => {
          const { method, args } = input as Call;
          if (!names.includes(method)) throw new PluginError('no-service', `${name} has no ${method}`);
          return methods[method]?.(...(args as never[]));
        },
      },
    );
    this.#names.add(name);
    const free = () => void this.#names.delete(name);
    registration.ready.catch(free);
    return makeRegistration(() => {
      free();
      registration.dispose();
    }, registration.ready);
  }

  /** Its functions are made as they are asked for; nothing is asked of the host before one is called. */
  use<T extends ServiceMethods>(name: string): Remote<T> {
    if (typeof name !== 'string') throw new PluginError('invalid', 'bot.use: the name must be a text');
    const functions = new Map<string, (...args: readonly unknown[]) => Promise<unknown>>();
    return new Proxy(Object.freeze(Object.create(null)) as Remote<T>, {
      get: (_target, method) => {
        if (typeof method !== 'string' || NO_METHODS.has(method)) return undefined;
        const known = functions.get(method);
        if (known !== undefined) return known;
        const made = async (...args: readonly unknown[]) => this.#call('services.call', name, method, args);
        functions.set(method, made);
        return made;
      },
    });
  }
}

function where(name: unknown): string {
  return `bot.provide(${JSON.stringify(name)})`;
}

/** @throws PluginError `invalid` */
function methodNames(name: string, methods: unknown): readonly string[] {
  if (typeof methods !== 'object' || methods === null)
    throw new PluginError('invalid', `${where(name)}: give it functions by name`);
  const names = Object.keys(methods);
  if (names.length === 0) throw new PluginError('invalid', `${where(name)}: there are no functions in it`);
  for (const key of names) {
    if (typeof Reflect.get(methods, key) !== 'function')
      throw new PluginError('invalid', `${where(name)}: ${key} is not a function`);
    if (NO_METHODS.has(key))
      throw new PluginError('invalid', `${where(name)}: a function cannot be called "${key}"`);
  }
  return names;
}
