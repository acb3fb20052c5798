import type { RuleContext, RuleJoin, RuleLine, UserStats, Verdict } from '../../../api/index.ts';
import type { CommonSettings, JoinRule, LineRule } from './rule.ts';

const ROOM = { name: 'indie', private: false, standing: 'visitor' } as const;

const STATS: UserStats = { avgSpeed: 0, uploads: 0, files: 0, folders: 0 };

/** A line as rules see it; `at` in seconds. */
export const line = (text: string, at = 0, user = 'al'): RuleLine => ({
  kind: 'line',
  id: `${user}${at}`,
  room: ROOM,
  user,
  text,
  at: at * 1_000,
});

/** Somebody who comes in; `at` in seconds. */
export const join = (
  user: string,
  { at = 0, country = '', ...stats }: Partial<UserStats> & { at?: number; country?: string } = {},
): RuleJoin => ({
  kind: 'join',
  id: `${user}${at}`,
  room: ROOM,
  user,
  at: at * 1_000,
  stats: { ...STATS, ...stats },
  country,
});

/** What rules look back on. */
export const context = (known: Partial<RuleContext> = {}): RuleContext => ({
  recent: [],
  joins: [],
  staff: ['meg'],
  linesBefore: 100,
  firstSeen: -365 * 86_400_000,
  ...known,
});

/** Says lines one after the other, as the engine would hand them to the rule. @returns which of them it objects to. */
export function run<S extends CommonSettings>(
  rule: LineRule<S>,
  settings: S,
  lines: readonly RuleLine[],
): readonly (Verdict & { index: number })[] {
  const window = rule.window?.(settings);
  return lines.flatMap((one, index) => {
    const recent = lines
      .slice(0, index)
      .filter(
        (earlier) =>
          window !== undefined &&
          one.at - earlier.at <= window.withinMs &&
          (!window.sameUser || earlier.user === one.user),
      )
      .slice(-(window?.lines ?? 0));
    const linesBefore = lines.slice(0, index).filter(({ user }) => user === one.user).length;
    const verdict = rule.judge(one, context({ recent, linesBefore }), settings);
    return verdict === undefined ? [] : [{ ...verdict, index }];
  });
}

/** What the rule says about one line. */
export const judged = <S extends CommonSettings>(
  rule: LineRule<S>,
  settings: S,
  text: string,
): string | undefined => run(rule, settings, [line(text)])[0]?.reason;

/** What the rule says about who comes in. */
export const admitted = <S extends CommonSettings>(
  rule: JoinRule<S>,
  settings: S,
  who: RuleJoin,
  known: Partial<RuleContext> = {},
): string | undefined => rule.judge(who, context(known), settings)?.reason;

/** Settings as the schema reads them. */
export function settings<T>(
  schema: { readonly '~standard': { validate(value: unknown): unknown } },
  value: unknown = {},
): T {
  const result = schema['~standard'].validate(value) as { value?: T; issues?: readonly unknown[] };
  if (result.issues !== undefined) throw new Error(JSON.stringify(result.issues));
  return result.value as T;
}
