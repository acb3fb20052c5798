/**
 * Which part of the bot decided. `commands`: the command engine; `lines`: what the governor or the outbox did not send;
 * `events`: what a full queue lost; `notify`: a notice expired; `plugins`: a plugin was not running; `plugin`: a plugin said so itself.
 */
export type DecisionSource =
  | 'commands'
  | 'lines'
  | 'searches'
  | 'interceptors'
  | 'truce'
  | 'moderation'
  | 'jobs'
  | 'events'
  | 'notify'
  | 'plugins'
  | 'plugin';

/** A decision not to do something, as it is made. Never with private text in it. */
export interface NewDecision {
  readonly source: DecisionSource;
  /** What was not done: `answer !seen`. */
  readonly what: string;
  /** Why not, in words for a person. */
  readonly reason: string;
  /** Whom it concerned. */
  readonly user?: string;
  /** Absent in private, and where no place is concerned. */
  readonly room?: string;
  /** The instance whose doing it was, or was to be. */
  readonly plugin?: string;
  /** The id of the message or run that it was about. */
  readonly about?: string;
}

/** Notes a decision. Cheap, never throws. @returns its id, for `!why ID`. */
export type NoteDecision = (decision: NewDecision) => string;
