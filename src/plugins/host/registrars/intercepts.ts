import { PluginError } from '../../api/errors.ts';
import type { Registrar } from '../host-registrations.ts';
import type { InterceptAnswer } from '../services.ts';
import type { InterceptSpec } from '../wire.ts';
import { outside } from './outside.ts';

/** A line waits for it, and with it everything behind that line. */
const MAX_TIMEOUT_MS = 5_000;

/** `bot.intercept`. */
export const intercept: Registrar<'intercept'> = (context, reg, { spec }) => {
  const { id, services, run } = context;
  context.require('intercept', 'bot.intercept');
  checkSpec(spec);
  const route = { reg, where: `${spec.direction} interceptor` };
  return outside(() =>
    services.intercept.add(id, spec, async (line) => {
      const ended = await run(route, line);
      if (ended.how === 'done') return readAnswer(ended.value, spec.direction);
      if (ended.how === 'cut') throw new PluginError('unloaded', 'the plugin is not running');
      throw new PluginError('failed', ended.error.message);
    }),
  );
};

/** Plugins may be written in JavaScript. @throws PluginError `invalid` */
function checkSpec({ direction, order, timeoutMs, onError, rooms }: InterceptSpec): void {
  const wrong = (what: string) => new PluginError('invalid', `bot.intercept: ${what}`);
  if (direction !== 'incoming' && direction !== 'outgoing')
    throw wrong(`${JSON.stringify(direction)} is neither "incoming" nor "outgoing"`);
  if (onError !== 'allow' && onError !== 'deny')
    throw wrong('onError must be "allow" or "deny": say what becomes of a line when this fails');
  if (!Number.isFinite(order)) throw wrong('order must be a number');
  if (!(timeoutMs >= 1 && timeoutMs <= MAX_TIMEOUT_MS))
    throw wrong(`timeout must be from 1 to ${MAX_TIMEOUT_MS} ms`);
  if (rooms !== undefined && !(Array.isArray(rooms) && rooms.length > 0 && rooms.every(isName)))
    throw wrong('rooms must be a list of names of rooms that is not empty');
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** @throws PluginError `invalid` for what is no verdict. */
function readAnswer(value: unknown, direction: 'incoming' | 'outgoing'): InterceptAnswer {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') {
    if ('drop' in value && typeof value.drop === 'string') return { drop: value.drop };
    if ('text' in value && typeof value.text === 'string') {
      return { text: direction === 'outgoing' ? [value.text] : value.text };
    }
    if ('text' in value && direction === 'outgoing' && isLines(value.text)) return { text: value.text };
  }
  throw new PluginError('invalid', 'an interceptor returns nothing, { text } or { drop: "why" }');
}

function isLines(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((line) => typeof line === 'string');
}
