import { PluginError } from '../../api/errors.ts';
import type { Registrar } from '../host-registrations.ts';
import type { DialogAnswer } from '../services.ts';
import type { DialogSpec } from '../wire.ts';
import { checkId } from './ids.ts';
import { outcomeOf } from './outcome.ts';
import { outside } from './outside.ts';

const MIN_TIMEOUT_MS = 1_000;
const MAX_TIMEOUT_MS = 30 * 86_400_000;
const MAX_STEPS = 100;
const MAX_WORDS = 20;
/** Of a word that ends it, and of the name of a step. */
const MAX_WORD = 64;
const MAX_TEXT = 2_000;

/** `bot.dialog`. */
export const dialog: Registrar<'dialog'> = ({ id, services, run }, reg, { spec }) => {
  checkSpec(spec);
  const route = { reg, where: `dialog ${spec.id}` };
  return outside(() =>
    services.dialogs.register(id, spec, async (input, target) => {
      const ended = await run({ ...route, where: `${route.where} step ${input.step}` }, input, target);
      return ended.how === 'done' ? (ended.value as DialogAnswer) : outcomeOf(ended);
    }),
  );
};

/** Plugins may be written in JavaScript. @throws PluginError `invalid` */
function checkSpec({ id, timeoutMs, onTimeout, cancel, onCancel, steps }: DialogSpec): void {
  checkId(id, 'bot.dialog');
  const wrong = (what: string) => new PluginError('invalid', `dialog ${JSON.stringify(id)} ${what}`);
  if (!steps.includes('start')) throw wrong('has no step "start"');
  if (steps.length > MAX_STEPS) throw wrong(`has more than ${MAX_STEPS} steps`);
  if (steps.some((step) => step.length > MAX_WORD))
    throw wrong(`has a step with a name of more than ${MAX_WORD} characters`);
  if (!(timeoutMs >= MIN_TIMEOUT_MS && timeoutMs <= MAX_TIMEOUT_MS))
    throw wrong('has a timeout that is not from 1s to 30d');
  if (!Array.isArray(cancel) || cancel.length > MAX_WORDS || !cancel.every(isWord))
    throw wrong(`has a cancel that is no list of at most ${MAX_WORDS} words`);
  for (const text of [onTimeout, onCancel]) {
    if (text !== undefined && !(typeof text === 'string' && text.trim() !== '' && text.length <= MAX_TEXT))
      throw wrong(`has an onTimeout or onCancel that is no text of 1 to ${MAX_TEXT} characters`);
  }
}

function isWord(word: unknown): boolean {
  return typeof word === 'string' && word.trim() !== '' && word.length <= MAX_WORD;
}
