import type { Clock } from '../../platform/clock.ts';
import { type CoreCommand, coreSpec } from '../commands/core-command.ts';
import { isDecisionId } from './decision-id.ts';
import type { DecisionLog, RecordedDecision } from './decision-log.ts';
import { decisionLine } from './why-texts.ts';

const USUAL = 3;
const MOST = 10;

/** What somebody asks for; undefined: it cannot be read. */
type Wish =
  | { readonly kind: 'id'; readonly id: string }
  | { readonly kind: 'last'; readonly count: number }
  | { readonly kind: 'user'; readonly user: string; readonly count: number };

/**
 * `!why`: why the bot did not answer, told to whoever asks alone. Everybody may ask about what concerned them; mods and
 * owners of the config about everything.
 */
export function whyCommand(log: Pick<DecisionLog, 'find'>, clock: Clock): CoreCommand {
  return {
    spec: coreSpec({
      name: 'why',
      summary: 'Why I did not answer you',
      description: `!why tells the last ${USUAL} decisions about you, !why last 10 more of them, !why ID one of them; mods and owners: !why user NAME`,
      args: [{ name: 'what', kind: 'optional', of: { kind: 'rest', of: { kind: 'word' } } }],
      examples: ['why', 'why last 10', 'why w3f9k'],
    }),
    async run({ user, args, roles }) {
      const words = (args['what'] ?? []) as readonly string[];
      const wish = readWish(words);
      if (wish === undefined)
        return { lines: ['I know !why, !why last N, !why ID, and for mods !why user NAME'], private: true };
      const all = roles.has('mod') || roles.has('owner');
      if (wish.kind === 'user' && !all && wish.user !== user)
        return { lines: ['Only mods and owners may ask about others.'], private: true };
      const found = await find(log, wish, user, all);
      if (found.length > 0)
        return { lines: found.map((decision) => decisionLine(decision, clock.now())), private: true };
      const about = wish.kind === 'user' && wish.user !== user ? wish.user : 'you';
      const nothing =
        wish.kind === 'id'
          ? `I know no decision ${wish.id} about you.`
          : `There is nothing that I decided not to do for ${about}.`;
      return { lines: [nothing], private: true };
    },
  };
}

function readWish([first, second, third]: readonly string[]): Wish | undefined {
  if (first === undefined) return { kind: 'last', count: USUAL };
  const word = first.toLowerCase();
  if (word === 'last') {
    const count = countOf(second);
    return count === undefined ? undefined : { kind: 'last', count };
  }
  if (word === 'user' && second !== undefined) {
    const count = countOf(third);
    return count === undefined ? undefined : { kind: 'user', user: second, count };
  }
  return isDecisionId(word) ? { kind: 'id', id: word } : undefined;
}

function countOf(text: string | undefined): number | undefined {
  if (text === undefined) return USUAL;
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  return count >= 1 ? Math.min(count, MOST) : undefined;
}

async function find(
  log: Pick<DecisionLog, 'find'>,
  wish: Wish,
  user: string,
  all: boolean,
): Promise<readonly RecordedDecision[]> {
  if (wish.kind === 'id') return log.find({ id: wish.id, ...(!all && { user }) });
  return log.find({ user: wish.kind === 'user' ? wish.user : user, limit: wish.count });
}
