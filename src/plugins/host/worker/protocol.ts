import type { MessagePort } from 'node:worker_threads';
import type { TransformOptions } from 'jiti';
import type { PluginFile } from '../loader.ts';
import type { WireError } from '../wire-error.ts';
import type { CompileLine } from './remote-compile.ts';

/*
 * What goes between the host's thread and a worker, around the messages of `wire.ts`. One port for all, so that it is all
 * in order. `seat` numbers the plugins of one worker from 1; 0 is none, or unknown whose.
 */

export type ToThread =
  | { readonly w: 'open'; readonly seat: number; readonly module: PluginFile }
  /** `turn`: wants to hear when it was dealt with. */
  | { readonly w: 'message'; readonly seat: number; readonly message: unknown; readonly turn?: number }
  /** So many of its messages were dealt with: it may send as many more. */
  | { readonly w: 'credit'; readonly seat: number; readonly count: number }
  | { readonly w: 'close'; readonly seat: number }
  | { readonly w: 'ping' };

export type FromThread =
  | { readonly w: 'message'; readonly seat: number; readonly message: unknown }
  /** Everything up to this turn was dealt with, and what came of it at once was sent before this. */
  | { readonly w: 'turn'; readonly turn: number }
  | { readonly w: 'pong'; readonly heapBytes: number; readonly externalBytes: number }
  /** A promise that nobody awaited rejected, or something threw outside of every handler. */
  | { readonly w: 'unhandled'; readonly seat: number; readonly error: WireError }
  /** Written to standard output or error. `lost`: so many lines before it were left out. */
  | { readonly w: 'output'; readonly seat: number; readonly line: string; readonly lost: number }
  /** The worker stands still until a file is compiled. */
  | { readonly w: 'compile'; readonly options: TransformOptions }
  /** The worker is about to end because a plugin wants it. */
  | { readonly w: 'ending'; readonly seat: number; readonly how: string };

/** What a worker is given at its start. */
export interface ThreadStart {
  readonly port: MessagePort;
  /** See Activity. */
  readonly activity: SharedArrayBuffer;
  readonly compile: CompileLine;
}

/** Messages of one plugin on their way to the host at a time; the rest waits in the worker. */
export const WINDOW = 256;

/** How many the host deals with before it says so. */
export const CREDIT = 128;

/** Whether a message of the host makes the worker load a plugin. */
export function isLoad(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 't' in message && message.t === 'load';
}
