import type { CaseQuery, CaseState, Sanction } from '../../../plugins/api/cases.ts';
import { PluginError } from '../../../plugins/api/errors.ts';
import { consequenceText, readConsequence } from '../consequences/consequence.ts';

const STATES: readonly CaseState[] = [
  'noted',
  'suggested',
  'declined',
  'lapsed',
  'acting',
  'done',
  'failed',
  'undone',
  'pardoned',
];
const APPEALS: readonly NonNullable<CaseQuery['appeal']>[] = ['open', 'granted', 'rejected'];
const MAX_NAME = 64;
const MAX_REASON = 300;
const MOST_MS = 366 * 86_400_000;

/** What plugins ask for, which may be written in JavaScript. @throws PluginError `invalid`. */
export function readQuery(query: CaseQuery = {}): CaseQuery {
  const { room, user, rule, state, since, appeal, before, limit } = query;
  for (const [name, value] of Object.entries({ room, user, rule }))
    if (value !== undefined && typeof value !== 'string') throw wrong(`${name} must be a text`);
  if (state !== undefined && !(Array.isArray(state) && state.every((one: CaseState) => STATES.includes(one))))
    throw wrong(`state must be a list of ${STATES.join(', ')}`);
  if (appeal !== undefined && !APPEALS.includes(appeal))
    throw wrong(`appeal must be one of ${APPEALS.join(', ')}`);
  if (before !== undefined && !Number.isInteger(before)) throw wrong('before must be the number of a case');
  if (since !== undefined && !Number.isFinite(since)) throw wrong('since must be a number');
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= 500))
    throw wrong('limit must be a whole number from 1 to 500');
  return query;
}

/** @throws PluginError `invalid`. */
export function readSanction(sanction: Sanction): Sanction {
  const { room, user, actor, reason, consequence, forMs } = sanction;
  for (const [name, value] of Object.entries({ room, user, actor }))
    if (typeof value !== 'string' || value === '' || value.length > MAX_NAME)
      throw wrong(`${name} must be a text of 1 to ${MAX_NAME} characters`);
  if (typeof reason !== 'string' || reason.trim() === '')
    throw wrong('reason must be a text that is not empty');
  const read =
    typeof consequence === 'string'
      ? readConsequence(consequence)
      : { problem: 'consequence must be a text' };
  if ('problem' in read) throw wrong(read.problem);
  if (forMs === undefined) return { ...sanction, reason: reason.slice(0, MAX_REASON) };
  if (read.kind !== 'ignore' && read.kind !== 'remove') throw wrong(`${consequence} takes no time`);
  if (!Number.isInteger(forMs) || forMs < 60_000 || forMs > MOST_MS)
    throw wrong('forMs must be from a minute to 366 days');
  return {
    ...sanction,
    consequence: consequenceText({ kind: read.kind, forMs }),
    reason: reason.slice(0, MAX_REASON),
  };
}

function wrong(problem: string): PluginError {
  return new PluginError('invalid', `bot.cases: ${problem}`);
}
