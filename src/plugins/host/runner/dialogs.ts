import type { StandardSchemaV1 } from '@standard-schema/spec';
import type {
  Dialog,
  DialogDefinition,
  DialogMove,
  DialogPartner,
  DialogStep,
  DialogTurn,
} from '../../api/dialog.ts';
import { toMs } from '../../api/duration.ts';
import { PluginError } from '../../api/errors.ts';
import type { Reply } from '../../api/events.ts';
import type { DialogAnswer, DialogInput } from '../services.ts';
import type { DialogSpec } from '../wire.ts';
import type { CallHost } from './facade.ts';
import { makeRegistration, type Registrations } from './registrations.ts';

type Step = DialogStep<unknown, string>;
type Definition = DialogDefinition<StandardSchemaV1, string>;

const USUAL_TIMEOUT = '2m';
const USUAL_CANCEL: readonly string[] = ['cancel', 'stop'];

/** `bot.dialog`. */
export class Dialogs {
  readonly #registrations: Registrations;
  readonly #call: CallHost;
  readonly #checkValue: (value: unknown, where: string) => void;
  readonly #ids = new Set<string>();

  /** @param checkValue throws when a state cannot be stored */
  constructor(
    registrations: Registrations,
    call: CallHost,
    checkValue: (value: unknown, where: string) => void,
  ) {
    this.#registrations = registrations;
    this.#call = call;
    this.#checkValue = checkValue;
  }

  /** @throws PluginError `invalid`, `unloaded`. */
  add(definition: Definition): Dialog<unknown> {
    const { id } = definition;
    const where = `bot.dialog(${JSON.stringify(id)})`;
    const steps = readSteps(definition.steps, where);
    if (this.#ids.has(id)) throw new PluginError('invalid', `${where}: there is one of that id already`);
    const states = new States(definition.state, where, this.#checkValue);
    const registration = this.#registrations.add(
      `dialog ${JSON.stringify(id)}`,
      { kind: 'dialog', spec: specOf(definition, steps) },
      { kind: 'run', run: (input, reply) => runStep(steps, states, input as DialogInput, reply) },
    );
    this.#ids.add(id);
    const free = () => void this.#ids.delete(id);
    registration.ready.catch(free);
    const owned = makeRegistration(() => {
      free();
      registration.dispose();
    }, registration.ready);
    return Object.freeze<Dialog<unknown>>({
      ...owned,
      start: async (partner, state) => {
        const checked = await states.read(state);
        await this.#call('dialog.start', id, placeOf(partner), checked);
      },
      end: async (partner) => (await this.#call('dialog.end', id, placeOf(partner))) as boolean,
    });
  }
}

/** Checks the state of one dialog, with the plugin's own schema. */
class States {
  readonly #schema: StandardSchemaV1;
  readonly #where: string;
  readonly #checkValue: (value: unknown, where: string) => void;

  constructor(schema: StandardSchemaV1, where: string, checkValue: (value: unknown, where: string) => void) {
    const given: unknown = schema;
    if (
      (typeof given !== 'object' && typeof given !== 'function') ||
      given === null ||
      !('~standard' in given)
    )
      throw new PluginError('invalid', `${where}: state is no schema: use s.object({ … })`);
    this.#schema = schema;
    this.#where = where;
    this.#checkValue = checkValue;
  }

  /** @throws PluginError (as rejection) `invalid`, `not-plain`, `too-large`. */
  async read(value: unknown): Promise<unknown> {
    const result = await this.#schema['~standard'].validate(value);
    if (result.issues !== undefined) {
      const first = result.issues[0];
      const path = (first?.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part));
      const place = ['state', ...path].join('.');
      throw new PluginError('invalid', `${this.#where}: ${place}: ${first?.message ?? 'does not fit'}`);
    }
    this.#checkValue(result.value, `${this.#where}: state`);
    return result.value;
  }
}

async function runStep(
  steps: ReadonlyMap<string, Step>,
  states: States,
  input: DialogInput,
  reply: Reply | undefined,
): Promise<DialogAnswer> {
  const step = steps.get(input.step);
  if (step === undefined || reply === undefined)
    throw new PluginError('invalid', `there is no step ${JSON.stringify(input.step)}`);
  const { user, room, text, at, redelivered } = input;
  const turn: DialogTurn<unknown> = {
    user,
    ...(room === undefined ? {} : { room }),
    text,
    state: await states.read(input.state),
    at,
    redelivered,
    reply,
  };
  return answerOf(await step(turn), input, steps, states);
}

async function answerOf(
  move: DialogMove<unknown, string>,
  input: DialogInput,
  steps: ReadonlyMap<string, Step>,
  states: States,
): Promise<DialogAnswer> {
  if (move === undefined || move === null) return { say: [] };
  if (typeof move === 'string') return { say: [move] };
  if (typeof move !== 'object') throw wrongMove(input.step, 'a text, { say, to, state } or nothing');
  const say: unknown = move.say === undefined ? [] : typeof move.say === 'string' ? [move.say] : move.say;
  if (!Array.isArray(say) || !say.every((line): line is string => typeof line === 'string'))
    throw wrongMove(input.step, 'a text or a list of texts as say');
  const lines = say.filter((line) => line.trim() !== '');
  if (!('to' in move) || move.to === undefined) return { say: lines };
  if (!steps.has(move.to)) {
    throw new PluginError(
      'invalid',
      `step ${JSON.stringify(input.step)} leads to ${JSON.stringify(move.to)}, and there is no such step`,
    );
  }
  // What the turn was given may have been changed since.
  const state = move.state === undefined ? input.state : await states.read(move.state);
  return { say: lines, to: move.to, state };
}

function wrongMove(step: string, what: string): PluginError {
  return new PluginError('invalid', `step ${JSON.stringify(step)} must return ${what}`);
}

function readSteps(given: unknown, where: string): ReadonlyMap<string, Step> {
  if (typeof given !== 'object' || given === null)
    throw new PluginError('invalid', `${where}: steps must be functions by name`);
  const steps = Object.entries(given);
  for (const [name, step] of steps) {
    if (typeof step !== 'function')
      throw new PluginError('invalid', `${where}: step ${name} is not a function`);
  }
  return new Map(steps as [string, Step][]);
}

function specOf(definition: Definition, steps: ReadonlyMap<string, Step>): DialogSpec {
  const { id, timeout = USUAL_TIMEOUT, onTimeout, cancel = USUAL_CANCEL, onCancel } = definition;
  return {
    id,
    timeoutMs: toMs(timeout),
    ...(onTimeout === undefined ? {} : { onTimeout }),
    cancel,
    ...(onCancel === undefined ? {} : { onCancel }),
    steps: [...steps.keys()],
  };
}

/** A whole event or context may be given, and does not cross. */
function placeOf({ user, room }: DialogPartner): { readonly user: string; readonly room?: string } {
  return { user, ...(room === undefined ? {} : { room: room.name }) };
}
