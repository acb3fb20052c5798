import { PluginError } from '../../plugins/api/errors.ts';
import type { WishProblem } from '../../plugins/api/wishlist.ts';
import type { WishSpec } from '../../plugins/host/wire.ts';
import type { StoredWish } from '../store/wish-rows.ts';
import type { WishEngine } from './engine.ts';
import type { LiveWish } from './live-wish.ts';

/** What is doubtful about a spec. @throws PluginError `invalid`, `bad-pattern` for what is wrong. */
export function checkSpec(engine: WishEngine, spec: WishSpec): readonly WishProblem[] {
  const { everyMs, atMostMs } = spec;
  if (everyMs !== undefined && atMostMs !== undefined && atMostMs < everyMs)
    throw new PluginError('invalid', 'atMost must not be shorter than every');
  engine.cron.check(spec);
  return engine.registry.checkSpec(spec);
}

/** Gives what is kept of a wish another spec; what it has seen stays. */
export function respec(stored: StoredWish, spec: WishSpec): void {
  if (asksAnew(stored.spec, spec)) {
    // Its last turn was that of another question: that one is neither listened to nor given back.
    Object.assign(stored, { variant: 0, fruitless: 0, heard: true });
    stored.doc.history.clear();
    delete stored.doc.before;
  }
  stored.spec = spec;
}

/** What follows from another spec: nothing that was asked before is searched, collected or found any more. */
export function follow(
  { searches, settling, turns }: Pick<WishEngine, 'searches' | 'settling' | 'turns'>,
  wish: LiveWish,
  { before, compiled }: { readonly before: WishSpec; readonly compiled: LiveWish['compiled'] },
): void {
  wish.compiled = compiled;
  wish.problems = [];
  if (!asksAnew(before, wish.spec)) return;
  searches.abort(wish);
  turns.leave(wish);
  settling.drop(wish);
}

/** Whether something else is asked, or somebody else. */
function asksAnew(before: WishSpec, after: WishSpec): boolean {
  const asked = ({ query, scope = 'network' }: WishSpec): string => JSON.stringify([query, scope]);
  return asked(before) !== asked(after);
}
