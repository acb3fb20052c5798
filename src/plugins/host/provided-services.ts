import { PluginError } from '../api/errors.ts';
import type { Ended } from './delivery.ts';

interface Open {
  readonly methods: ReadonlySet<string>;
  readonly run: (method: string, args: readonly unknown[]) => Promise<Ended>;
}

interface Owner {
  readonly instance: string;
  /** The versions of it that want the name: at a reload there are two. */
  readonly claims: Set<object>;
}

const NAME = /^[a-z][a-z0-9._-]{0,63}$/;

/** What plugins offer each other, by name. */
export class ProvidedServices {
  readonly #owners = new Map<string, Owner>();
  readonly #open = new Map<string, Open>();

  /**
   * Claims a name. The same instance may claim it again: at a reload its next version does, and the name stays taken as
   * long as either of them claims it.
   * @returns gives the claim back.
   * @throws PluginError `invalid` for a bad name; `command-clash` when another instance has it.
   */
  take(instance: string, name: string): () => void {
    if (typeof name !== 'string' || !NAME.test(name)) {
      throw new PluginError(
        'invalid',
        `bot.provide: the name ${JSON.stringify(name)} is not allowed: lower-case letters, digits, ".", "-" and "_", a letter first, at most 64`,
      );
    }
    const owner = this.#owners.get(name) ?? { instance, claims: new Set() };
    if (owner.instance !== instance) {
      throw new PluginError(
        'command-clash',
        `the service "${name}" is provided by plugin ${owner.instance} already`,
      );
    }
    const claim = {};
    owner.claims.add(claim);
    this.#owners.set(name, owner);
    return () => {
      if (owner.claims.delete(claim) && owner.claims.size === 0) this.#owners.delete(name);
    };
  }

  /** Lets others call what is claimed, from now on this one. @returns ends that, unless a later one has taken over. */
  open(
    name: string,
    methods: readonly string[],
    run: (method: string, args: readonly unknown[]) => Promise<Ended>,
  ): () => void {
    const open: Open = { methods: new Set(methods), run };
    this.#open.set(name, open);
    return () => {
      if (this.#open.get(name) === open) this.#open.delete(name);
    };
  }

  /** @throws PluginError (as rejection) `no-service`, `failed`. */
  async call(name: string, method: string, args: readonly unknown[]): Promise<unknown> {
    const open = this.#open.get(name);
    if (open === undefined)
      throw new PluginError('no-service', `no loaded plugin provides the service "${name}"`);
    if (!open.methods.has(method))
      throw new PluginError('no-service', `the service "${name}" has no function "${method}"`);
    const ended = await open.run(method, args);
    if (ended.how === 'done') return ended.value;
    if (ended.how === 'cut')
      throw new PluginError('no-service', `the plugin that provides "${name}" went away`);
    throw new PluginError('failed', `${name}.${method}: ${ended.error.message}`);
  }
}
