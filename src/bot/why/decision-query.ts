import type { DecisionQuery } from '../store/decisions.ts';

const USUAL = 20;
const MOST = 1_000;

/** A question about decisions, as it came over the control socket: what cannot be read counts as not asked. */
export function readDecisionQuery(args: unknown): DecisionQuery {
  const given = typeof args === 'object' && args !== null ? (args as Readonly<Record<string, unknown>>) : {};
  const text = (key: string) => {
    const value = given[key];
    return typeof value === 'string' ? { [key]: value } : {};
  };
  const { since, limit } = given;
  const count = typeof limit === 'number' && Number.isInteger(limit) && limit >= 1 ? limit : USUAL;
  return {
    ...text('id'),
    ...text('user'),
    ...text('room'),
    ...text('plugin'),
    ...(typeof since === 'number' && Number.isFinite(since) && { since }),
    limit: Math.min(count, MOST),
  };
}
