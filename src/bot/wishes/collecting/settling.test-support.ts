import { cleanQuery } from '../../../network/search/query.ts';
import type { Search } from '../../../network/search/search-run.ts';
import { nullLog } from '../../../platform/null-log.ts';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import type { SearchHit } from '../../../plugins/api/search.ts';
import type { WishSpec } from '../../../plugins/host/wire.ts';
import { openStore } from '../../store/store.ts';
import { newWish } from '../../store/wish-rows.ts';
import { compileWish, LiveWish } from '../live-wish.ts';
import { Pace } from '../planner/pace.ts';
import { resolveWeights } from '../ranking/weights.ts';
import type { Turn } from '../turns/turn.ts';
import { TurnKeeper } from '../turns/turn-keeper.ts';
import { DEFAULT_WISHES } from '../wish-config.ts';
import { Work } from '../work.ts';
import { Settling } from './settling.ts';

export const hitOf = (user: string, name: string): SearchHit => ({
  user,
  verified: true,
  path: `rare ep\\${name}`,
  name,
  folder: 'rare ep',
  size: 5,
  extension: 'mp3',
  attributes: {},
  slotFree: true,
  speed: 9,
  queueLength: 0,
  locked: false,
  ref: `U5:${user.length}:${user}rare ep\\${name}`,
});

/** What looks at results, with a real store. @param broken whether finds cannot be noted now */
export async function make(broken: () => boolean = () => false) {
  const clock = new VirtualClock();
  const store = await openStore({ memory: true, clock, log: nullLog });
  const work = new Work();
  const settling = new Settling({
    clock,
    log: nullLog,
    work,
    wishes: store.wishes,
    memory: store.wishMemory,
    finds: {
      note: async (...args) => {
        if (broken()) throw new Error('disk full');
        return store.wishFinds.note(...args);
      },
    },
    config: DEFAULT_WISHES,
    weights: resolveWeights(),
    experience: () => undefined,
    onNews: () => {},
    onEnough: () => {},
  });
  const keeper = new TurnKeeper({
    now: () => clock.now(),
    log: nullLog,
    work,
    settling,
    book: store.wishes,
    self: 'me',
    pace: new Pace(clock, () => 720_000),
    network: () => [],
    isIgnored: () => false,
    onChange: () => {},
  });
  const wish = async (id: string, more: Partial<WishSpec> = {}) => {
    const spec = { query: 'rare ep', ...more };
    const fresh = newWish({ instance: 'p', id, spec, registered: false, createdAt: 0 });
    return new LiveWish({ ...fresh, seq: await store.wishes.insert(fresh) }, compileWish(spec, {}));
  };
  return { clock, store, work, settling, keeper, wish };
}

const cleaned = cleanQuery('rare ep');
export const query = cleaned.ok ? cleaned.query : undefined;

export function turnOf(wish: LiveWish): Turn {
  return {
    plan: { target: { kind: 'network' }, spelling: 'ep rare', text: 'rare ep', chosen: [wish] },
    // Nobody asks the search itself anything here.
    search: { state: 'running' } as Search,
    members: new Map(),
    sentAt: 0,
    heard: false,
  };
}
