/** A decision not to do something, for the log that `!why` and `seekeeper why` read. */
export interface Decision {
  /** What was not done: `answer`, `announce`, … 1 to 64 characters. */
  readonly what: string;
  /** Why not, in words for a person; at most 500 characters. Without private text. */
  readonly reason: string;
  /** Whom it concerned. */
  readonly user?: string;
  /** Where. */
  readonly room?: string;
  /** The id of the message or run that it was about. */
  readonly about?: string;
}
