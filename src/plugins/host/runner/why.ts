import type { Decision } from '../../api/why.ts';
import type { CallHost } from './facade.ts';

/** Makes `bot.why`. */
export function makeWhy(call: CallHost): (decision: Decision) => Promise<string> {
  return async (decision) => (await call('why', decision)) as string;
}
