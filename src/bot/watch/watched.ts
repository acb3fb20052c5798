import type { AnyEvent } from '../../plugins/api/events.ts';
import type { PluginInfo } from '../../plugins/host/types.ts';
import type { NewDecision } from '../why/decision.ts';

/** Something that happened in a running bot, for whoever watches it. Plain data. */
export type Watched =
  /** What plugins get to hear. A private message may be without its text; see {@link PrivateTexts}. */
  | { readonly kind: 'event'; readonly at: number; readonly event: AnyEvent }
  /** A line has left. */
  | {
      readonly kind: 'said';
      readonly at: number;
      /** The plugin's instance, or `core`. */
      readonly by: string;
      /** Absent in private. */
      readonly room?: string;
      /** To whom, in private; whom it answers, in a room. */
      readonly user?: string;
      readonly text: string;
    }
  /** The bot decided not to do something. */
  | { readonly kind: 'decision'; readonly at: number; readonly id: string; readonly decision: NewDecision }
  | {
      readonly kind: 'problem';
      readonly at: number;
      readonly plugin: string;
      /** Which part of it. */
      readonly where: string;
      readonly message: string;
    }
  /** A plugin was loaded, was loaded anew, or is not running any more. */
  | {
      readonly kind: 'plugin';
      readonly at: number;
      readonly plugin: string;
      readonly state: PluginInfo['state'];
      readonly problem?: string;
    };

/**
 * How much of private messages is told: all of it, the text of those that call a command, or of none. What is not told is
 * replaced by {@link UNTOLD}.
 */
export type PrivateTexts = 'all' | 'commands' | 'none';

/** Instead of a private text that is not told. */
export const UNTOLD = '(private)';
