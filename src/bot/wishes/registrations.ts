import { PluginError } from '../../plugins/api/errors.ts';
import type { DeliverFinds } from '../../plugins/host/services.ts';
import type { WishSpec } from '../../plugins/host/wire.ts';
import { newWish } from '../store/wish-rows.ts';
import type { WishEngine } from './engine.ts';
import type { LiveWish } from './live-wish.ts';
import { checkSpec, follow, respec } from './spec.ts';

interface Registration {
  readonly instance: string;
  readonly id: string;
  readonly spec: WishSpec;
  readonly deliver: DeliverFinds | undefined;
}

/** Wishes that are there as long as plugins register them. */
export class Registrations {
  readonly #engine: WishEngine;
  /** The newest of each wish: during a reload the new one comes before the old one goes. */
  readonly #wishes = new Map<string, Registration>();
  readonly #receivers = new Map<string, DeliverFinds>();
  /** Those that are not stored yet, by plugin. */
  readonly #coming = new Map<string, Set<Registration>>();

  constructor(engine: WishEngine) {
    this.#engine = engine;
  }

  /** @throws PluginError `invalid`, `bad-pattern`, `conflict`, `too-many` */
  register(instance: string, id: string, spec: WishSpec, deliver: DeliverFinds | undefined): () => void {
    const { registry } = this.#engine;
    checkSpec(this.#engine, spec);
    const known = registry.find(instance, id);
    if (known === undefined) this.checkRoom(instance);
    else if (!known.stored.registered)
      throw new PluginError('conflict', `bot.wishlist(${JSON.stringify(id)}): a wish of that id was added`);
    const key = JSON.stringify([instance, id]);
    const registration: Registration = { instance, id, spec, deliver };
    this.#wishes.set(key, registration);
    this.#take(key, registration);
    return () => {
      if (this.#wishes.get(key) !== registration) return;
      this.#wishes.delete(key);
      const wish = registry.find(instance, id);
      if (wish === undefined) return;
      wish.present = false;
      wish.deliver = undefined;
      this.#engine.changed(wish);
    };
  }

  /** @throws PluginError `too-many` */
  checkRoom(instance: string): void {
    this.#engine.registry.checkRoom(instance, this.#coming.get(instance)?.size ?? 0);
  }

  onFinds(instance: string, deliver: DeliverFinds): () => void {
    this.#receivers.set(instance, deliver);
    this.#engine.receive(instance, deliver);
    return () => {
      if (this.#receivers.get(instance) !== deliver) return;
      this.#receivers.delete(instance);
      this.#engine.receive(instance, undefined);
    };
  }

  /** Brings what is stored into line with what is registered. */
  #take(key: string, registration: Registration): void {
    const { options, registry, work } = this.#engine;
    const { instance, id, spec } = registration;
    const current = () => this.#wishes.get(key) === registration;
    const known = registry.find(instance, id);
    const coming = this.#coming.get(instance) ?? new Set();
    if (known !== undefined) this.#adopt(known, registration);
    else this.#coming.set(instance, coming.add(registration));
    work
      .run(async () => {
        if (!current()) return;
        let wish = registry.find(instance, id);
        if (wish === undefined) {
          const createdAt = this.#engine.now();
          const fresh = newWish({ instance, id, spec, registered: true, createdAt });
          const seq = await options.store.wishes.insert(fresh);
          wish = registry.add({ ...fresh, seq }, registry.compile(spec));
          if (current()) this.#adopt(wish, registration);
        } else if (wish === known) await options.store.wishes.save([wish.stored]);
      })
      .catch((error: unknown) => {
        options.log.error('A wish could not be stored', { plugin: instance, wish: id, error });
      })
      .finally(() => coming.delete(registration));
  }

  #adopt(wish: LiveWish, { spec, deliver }: Registration): void {
    const { registry, telling } = this.#engine;
    const before = wish.spec;
    if (JSON.stringify(before) !== JSON.stringify(spec)) {
      const compiled = registry.compile(spec);
      respec(wish.stored, spec);
      follow(this.#engine, wish, { before, compiled });
    }
    wish.problems = [];
    registry.assess(wish);
    wish.stored.orphanedAt = undefined;
    if (wish.stored.mode === 'done' && !wish.complete) wish.stored.mode = 'active';
    wish.present = true;
    wish.deliver = deliver;
    this.#engine.changed(wish);
    telling.again((other) => other === wish);
  }
}
