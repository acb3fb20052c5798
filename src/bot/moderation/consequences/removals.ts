import type { Case } from '../../../plugins/api/cases.ts';
import type { CaseBook } from '../../store/cases.ts';
import { consequenceOf } from './consequence.ts';

const DAY_MS = 86_400_000;

/**
 * How often somebody was put out of a room within a day by cases before this one, whoever decided them, and is there although
 * none of them is over or was taken back.
 */
export async function removalsBefore(book: Pick<CaseBook, 'list'>, of: Case, now: number): Promise<number> {
  const { room, user } = of;
  const recent = await book.list({ room, user, state: ['done'], since: now - DAY_MS, limit: 100 });
  return recent.filter(
    ({ id, consequence, actor, until = Number.POSITIVE_INFINITY }) =>
      id < of.id &&
      until > of.at &&
      actor !== 'unknown operator' &&
      consequenceOf(consequence).kind === 'remove',
  ).length;
}
