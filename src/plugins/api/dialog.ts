import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Registration } from './bot.ts';
import type { DurationInput } from './duration.ts';
import type { Reply } from './events.ts';
import type { RoomRef } from './rooms.ts';

/** With whom, and where: in a room, or in private. A command's context and an event both fit. */
export interface DialogPartner {
  readonly user: string;
  readonly room?: RoomRef | undefined;
}

/** One turn: what somebody answered, and what was said before. */
export interface DialogTurn<State> {
  readonly user: string;
  /** Absent in private. */
  readonly room?: RoomRef;
  /** What was typed; empty in the first step. */
  readonly text: string;
  readonly state: State;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** This step may have run for this line before. */
  readonly redelivered: boolean;
  /** Answers before the step is done. */
  readonly reply: Reply;
}

/**
 * What a step returns. With `to` the dialog waits for the next line, which that step gets; without, it is over. A text
 * alone is said, and ends it.
 */
export type DialogMove<State, Step extends string> =
  | { readonly say?: string | readonly string[]; readonly to: Step; readonly state?: State }
  | { readonly say?: string | readonly string[] }
  | string
  // biome-ignore lint/suspicious/noConfusingVoidType: a step that returns nothing must fit, async or not
  | void;

export type DialogStep<State, Step extends string> = (
  turn: DialogTurn<State>,
) => DialogMove<State, Step> | Promise<DialogMove<State, Step>>;

export interface DialogDefinition<S extends StandardSchemaV1, Step extends string> {
  /** Unique within the plugin, 1 to 64 characters. */
  readonly id: string;
  /** How long an answer may take. @default '2m' */
  readonly timeout?: DurationInput;
  /**
   * What the dialog remembers, plain data as JSON carries it, up to 64 kB. Checked whenever a step returns it, and again
   * when it is read from the store, so the schema must take what it gives.
   */
  readonly state: S;
  /** Said when nobody answered in time. @default nothing */
  readonly onTimeout?: string;
  /** What ends it at any step, case ignored. @default ['cancel', 'stop'] */
  readonly cancel?: readonly string[];
  /** Said when it was ended so. @default nothing */
  readonly onCancel?: string;
  /** By name. `start` is the first: it runs at once, without a line. */
  readonly steps: {
    readonly [K in Step | 'start']: DialogStep<StandardSchemaV1.InferOutput<S>, Step | 'start'>;
  };
}

/**
 * A conversation with one person in one place, kept in the store from step to step. While it waits, that person's next
 * line there belongs to it, unless it is a command; in private only what begins with the prefix is one meanwhile. Handlers
 * of `room.message` see the line as well, handlers of `private.message` do not.
 *
 * A step that throws is not taken: the person hears that it went wrong and may answer again, three times in all.
 */
export interface Dialog<State> extends Registration {
  /**
   * Begins: runs the step `start`. A dialog that the same person has there, of whichever plugin, ends. Needs `room.say`
   * or `pm.send`, unless that person has just called the plugin there or written to it.
   * @throws PluginError (as rejection) `invalid` when the state does not fit; `too-large` above 64 kB; `too-many` above
   * 1,000 open dialogs of the plugin; `failed` when `start` threw.
   */
  start(partner: DialogPartner, state: State): Promise<void>;
  /** Ends it without a word. @returns whether there was one. */
  end(partner: DialogPartner): Promise<boolean>;
}
