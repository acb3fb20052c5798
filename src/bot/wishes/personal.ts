import type { WishEngine } from './engine.ts';
import { whoOf } from './memory/seen-key.ts';
import { withoutExamples } from './people.ts';

type Ask = (act: 'show' | 'forget', user: string) => Promise<unknown>;

/** What wishes keep about people, under the headings under which it is shown. */
export function wishPersonal(engine: WishEngine): readonly { readonly what: string; readonly ask: Ask }[] {
  return [
    {
      what: 'your wishes',
      ask: (act, user) => (act === 'show' ? wishesOf(engine, user) : unwish(engine, user)),
    },
    {
      what: 'files of yours that wishes found',
      ask: (act, user) => (act === 'show' ? filesOf(engine, user) : unname(engine, user)),
    },
    {
      what: 'what plugins with wishes think of you',
      ask: async (act, user) => (act === 'show' ? opinionsOf(engine, user) : 0),
    },
  ];
}

async function wishesOf({ registry }: WishEngine, user: string): Promise<readonly string[]> {
  return [...registry.all()]
    .filter(({ spec }) => spec.user === user)
    .map(({ stored, spec }) => `${spec.query} (${stored.id} of ${stored.instance}, ${stored.finds} found)`);
}

/** With all that they have found. Those that a plugin registers come back when it does so again. */
async function unwish(engine: WishEngine, user: string): Promise<number> {
  const { options, registry, work } = engine;
  return work.run(async () => {
    const own = [...registry.all()].filter(({ spec }) => spec.user === user);
    for (const wish of own) {
      await options.store.wishes.remove(wish.stored.seq);
      engine.forgetWish(wish);
    }
    return own.length;
  });
}

async function filesOf(engine: WishEngine, user: string): Promise<readonly string[]> {
  const { options, registry, work } = engine;
  const all = [...registry.all()].map(({ stored }) => stored.seq);
  const { finds, fingerprints } = await work.run(() =>
    options.store.wishPeople.record(user, whoOf(user), all),
  );
  return [
    ...(finds > 0 ? [`${finds} files among the results of wishes`] : []),
    ...(fingerprints > 0 ? [`${fingerprints} fingerprints of files and folders that were seen`] : []),
  ];
}

/**
 * Everything that names them. Fingerprints stay: without them their files would be told anew to whoever was told of them,
 * which is not what somebody wants who wants to be forgotten.
 */
async function unname({ options, people, registry, work }: WishEngine, user: string): Promise<number> {
  const { wishes, wishFinds, wishPeople } = options.store;
  return work.run(async () => {
    const deleted = await wishPeople.erase(user);
    people.forgetExperience(user);
    const named = [...registry.all()].filter(({ stored }) => withoutExamples(stored, user) > 0);
    await wishes.save(named.map(({ stored }) => stored));
    const waiting = new Map((await wishFinds.waiting()).map((one) => [one.wish, one]));
    for (const wish of registry.all()) {
      const { all = 0, fresh = 0 } = waiting.get(wish.stored.seq) ?? {};
      Object.assign(wish, { waiting: all, waitingNew: fresh });
    }
    return deleted;
  });
}

/** That somebody is ignored is not theirs to end. */
function opinionsOf({ people }: WishEngine, user: string): readonly string[] {
  return [
    ...people
      .experiences(user)
      .map(([instance, { good, bad }]) => `${instance}: ${good} good downloads, ${bad} bad`),
    ...people.ignoredBy(user).map((instance) => `${instance}: ignored`),
  ];
}
