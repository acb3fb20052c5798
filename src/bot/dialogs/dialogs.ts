import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { PluginError } from '../../plugins/api/errors.ts';
import type { RoomRef } from '../../plugins/api/rooms.ts';
import { placeKey } from '../../plugins/host/event-key.ts';
import type {
  DialogAnswer,
  DialogInput,
  DialogsService,
  ReplyTarget,
  RunOutcome,
} from '../../plugins/host/services.ts';
import type { DialogSpec } from '../../plugins/host/wire.ts';
import type { CommandLine } from '../commands/command-ports.ts';
import { checkState, failureOf } from './dialog-outcome.ts';
import type { DialogStore, OpenDialog, Partner } from './dialog-store.ts';
import { askAgain, LOST, OVER } from './dialog-texts.ts';
import { type WaitingDialog, WaitingDialogs } from './waiting-dialogs.ts';

export interface DialogsOptions {
  readonly store: Pick<
    DialogStore,
    'open' | 'get' | 'begin' | 'advance' | 'end' | 'knows' | 'countOf' | 'forget'
  >;
  readonly clock: Clock;
  readonly log: Log;
  /** Begins the ids of conversations: different in every run of the bot. */
  readonly run: string;
  readonly roomOf: (name: string) => RoomRef;
  /** Resolves once queued. */
  readonly say: (instance: string, target: ReplyTarget, lines: readonly string[]) => Promise<unknown>;
}

type RunStep = Parameters<DialogsService['register']>[2];

interface Registered {
  readonly spec: DialogSpec;
  readonly run: RunStep;
}

/** What a line was to a conversation: `none`: nothing; `unfinished`: its step was cut off. */
export type Taken = 'none' | 'answered' | 'unfinished';

/** Of one plugin. */
const MAX_OPEN = 1_000;
/** A step that fails so often ends the conversation. */
const MAX_ATTEMPTS = 3;

/**
 * Conversations of plugins with people. One rests in the store from step to step; what a step leads to is stored after
 * everything that it said is queued, so that a crash in between runs it again for the same line.
 */
export class Dialogs implements DialogsService {
  readonly #options: DialogsOptions;
  readonly #registered = new Map<string, Registered>();
  /** Lines for which a command runs, by place. */
  readonly #handling = new Map<string, string>();
  readonly #waiting: WaitingDialogs;
  readonly #ending = new Set<Promise<void>>();
  #begun = 0;

  constructor(options: DialogsOptions) {
    this.#options = options;
    this.#waiting = new WaitingDialogs(options.clock, (dialog) => this.#expired(dialog));
  }

  /** Conversations that are being ended because nobody answered. */
  get active(): number {
    return this.#ending.size;
  }

  /** Takes up those of earlier runs. What has expired meanwhile ends at once. @throws StoreError (as rejection). */
  async load(): Promise<void> {
    for (const open of await this.#options.store.open()) {
      const { id, instance, dialog, partner, onTimeout, expiresAt } = open;
      // The state stays on disk.
      const waiting = { id, instance, dialog, partner, ...(onTimeout === undefined ? {} : { onTimeout }) };
      this.#waiting.set(waiting, expiresAt);
    }
  }

  /** Nothing expires any more; resolves when what was being ended is noted. */
  async stop(): Promise<void> {
    this.#waiting.stop();
    await Promise.all(this.#ending);
  }

  register(instance: string, spec: DialogSpec, run: RunStep): () => void {
    const key = keyOf(instance, spec.id);
    const registered = { spec, run };
    this.#registered.set(key, registered);
    return () => {
      if (this.#registered.get(key) === registered) this.#registered.delete(key);
    };
  }

  async start(instance: string, dialog: string, partner: Partner, state: unknown): Promise<void> {
    const registered = this.#registered.get(keyOf(instance, dialog));
    if (registered === undefined)
      throw new PluginError(
        'failed',
        `the dialog ${JSON.stringify(dialog)} cannot begin before setup is done`,
      );
    checkState(state);
    const { clock, store, run } = this.#options;
    const own = this.#waiting.get(partner)?.instance === instance;
    if (!own && this.#waiting.countOf(instance) >= MAX_OPEN)
      throw new PluginError('too-many', `${MAX_OPEN} dialogs of this plugin are open already`);
    const answer = await this.#run(registered, partner, { step: 'start', text: '', state, at: clock.now() });
    if ('how' in answer) {
      if (answer.how === 'cut') throw new PluginError('unloaded', 'the plugin is being unloaded');
      throw new PluginError('failed', `dialog ${JSON.stringify(dialog)}: ${failureOf(answer)}`);
    }
    checkState(answer.state);
    await this.#say(instance, partner, answer.say);
    const former = this.#waiting.get(partner);
    if (answer.to === undefined) {
      if (former !== undefined) await this.#end(former);
      return;
    }
    this.#begun++;
    const { onTimeout, timeoutMs } = registered.spec;
    const begun: WaitingDialog = {
      id: `${run}-${this.#begun}`,
      instance,
      dialog,
      partner,
      ...(onTimeout === undefined ? {} : { onTimeout }),
    };
    const expiresAt = clock.now() + timeoutMs;
    const line = this.#handling.get(keyAt(partner));
    await store.begin({ ...begun, step: answer.to, state: answer.state, attempts: 0, expiresAt }, line);
    this.#waiting.set(begun, expiresAt);
  }

  async end(instance: string, dialog: string, partner: Partner): Promise<boolean> {
    const waiting = this.#waiting.get(partner);
    if (waiting?.instance !== instance || waiting.dialog !== dialog) return false;
    return this.#end(waiting);
  }

  /** A command runs for a line: a conversation that it begins there belongs to the line, and is known by it later. */
  async during<T>(line: CommandLine, run: () => Promise<T>): Promise<T> {
    const place = keyAt(partnerOf(line));
    this.#handling.set(place, line.id);
    try {
      return await run();
    } finally {
      if (this.#handling.get(place) === line.id) this.#handling.delete(place);
    }
  }

  /** Whether somebody is in the middle of a conversation there. */
  waits(partner: Partner): boolean {
    return this.#waiting.get(partner) !== undefined;
  }

  /** Whether this line, which comes again, has had its effect on one. @throws StoreError (as rejection). */
  knows(partner: Partner, line: string): Promise<boolean> {
    return this.#options.store.knows(partner, line);
  }

  /** Gives a line to the conversation that waits for it. Call it for the lines of one person in one place in order. Never rejects. */
  async take(line: CommandLine): Promise<Taken> {
    const partner = partnerOf(line);
    const waiting = this.#waiting.get(partner);
    // Without its plugin it waits on, and the line is like any other.
    const registered = waiting && this.#registered.get(keyOf(waiting.instance, waiting.dialog));
    if (waiting === undefined || registered === undefined) return 'none';
    this.#waiting.pause(waiting);
    let expiresAt: number | undefined;
    try {
      const taken = await this.#take(waiting, registered, line);
      expiresAt = taken.expiresAt;
      return taken.how;
    } catch (error) {
      const { instance: plugin, dialog } = waiting;
      this.#options.log.error('A dialog could not go on', { plugin, dialog, error });
      return 'unfinished';
    } finally {
      this.#waiting.resume(waiting, expiresAt);
    }
  }

  /** How many conversations somebody is in the middle of. @throws StoreError (as rejection). */
  countOf(user: string): Promise<number> {
    return this.#options.store.countOf(user);
  }

  /** Ends all of them without a word. @returns how many. @throws StoreError (as rejection). */
  async forget(user: string): Promise<number> {
    for (const dialog of this.#waiting.of(user)) this.#waiting.delete(dialog);
    return this.#options.store.forget(user);
  }

  async #take(
    waiting: WaitingDialog,
    registered: Registered,
    line: CommandLine,
  ): Promise<{ readonly how: Taken; readonly expiresAt?: number }> {
    const { clock, store } = this.#options;
    const { spec } = registered;
    const { instance, partner } = waiting;
    const last = partner.room === undefined ? line.id : undefined;
    if (spec.cancel.some((word) => sameWord(word, line.text))) {
      if (spec.onCancel !== undefined) await this.#say(instance, partner, [spec.onCancel]);
      await this.#end(waiting, last);
      return { how: 'answered' };
    }
    const dialog = await store.get(partner);
    if (dialog?.id !== waiting.id) return { how: 'none' };
    if (!spec.steps.includes(dialog.step)) {
      await this.#say(instance, partner, [LOST]);
      await this.#end(waiting, last);
      return { how: 'answered' };
    }
    const { text, at, redelivered } = line;
    const { step, state } = dialog;
    const answer = await this.#run(registered, partner, { step, state, text, at, redelivered });
    if ('how' in answer && answer.how === 'cut') return { how: 'unfinished' };
    const expiresAt = clock.now() + spec.timeoutMs;
    const failure = failureOf(answer);
    if (failure !== undefined) return this.#failed(dialog, spec, last, expiresAt);
    const { say, to, state: next } = answer as DialogAnswer;
    await this.#say(instance, partner, say);
    // Another one may have begun in its place meanwhile.
    if (this.#waiting.get(partner)?.id !== waiting.id) return { how: 'answered' };
    if (to === undefined) await this.#end(waiting, last);
    else await store.advance(dialog, { step: to, state: next, attempts: 0, expiresAt }, last);
    return { how: 'answered', expiresAt };
  }

  /** The same step, for another try. */
  async #failed(
    dialog: OpenDialog,
    spec: DialogSpec,
    last: string | undefined,
    expiresAt: number,
  ): Promise<{ readonly how: Taken; readonly expiresAt?: number }> {
    const { instance, partner, step, state } = dialog;
    const attempts = dialog.attempts + 1;
    if (this.#waiting.get(partner)?.id !== dialog.id) return { how: 'answered' };
    const over = attempts >= MAX_ATTEMPTS;
    await this.#say(instance, partner, [over ? OVER : askAgain(spec.cancel[0])]);
    if (over) await this.#end(dialog, last);
    else await this.#options.store.advance(dialog, { step, state, attempts, expiresAt }, last);
    return { how: 'answered', expiresAt };
  }

  #run(
    { run }: Registered,
    partner: Partner,
    input: Omit<DialogInput, 'user' | 'room' | 'redelivered'> & { readonly redelivered?: boolean },
  ): Promise<DialogAnswer | RunOutcome> {
    const { user, room } = partner;
    const where = room === undefined ? {} : { room: this.#options.roomOf(room) };
    return run({ redelivered: false, ...input, user, ...where }, targetOf(partner));
  }

  async #end(dialog: WaitingDialog, last?: string): Promise<boolean> {
    const waited = this.#waiting.delete(dialog);
    await this.#options.store.end(dialog, last);
    return waited;
  }

  /** Ended before anything is said: it is said once at most. */
  #expired(dialog: WaitingDialog): void {
    const { instance, partner, onTimeout } = dialog;
    const ending = (async () => {
      try {
        const was = await this.#options.store.end(dialog);
        if (was && onTimeout !== undefined) await this.#say(instance, partner, [onTimeout]);
      } catch (error) {
        this.#options.log.error('A dialog could not be ended', { plugin: instance, error });
      }
    })();
    this.#ending.add(ending);
    void ending.then(() => this.#ending.delete(ending));
  }

  async #say(instance: string, partner: Partner, lines: readonly string[]): Promise<void> {
    if (lines.length > 0) await this.#options.say(instance, targetOf(partner), lines);
  }
}

function keyAt({ user, room }: Partner): string {
  return placeKey(room, user);
}

function keyOf(instance: string, dialog: string): string {
  return `${instance} ${dialog}`;
}

function targetOf({ user, room }: Partner): ReplyTarget {
  return room === undefined ? { kind: 'private', user } : { kind: 'room', room, user };
}

export function partnerOf({ user, room }: CommandLine): Partner {
  return room === undefined ? { user } : { user, room: room.name };
}

function sameWord(word: string, text: string): boolean {
  return word.trim().toLowerCase() === text.trim().toLowerCase();
}
