/** Where the crowd's server is. */
export interface Ready {
  readonly port: number;
}

/** What the crowd did. Times are those of the system's monotonic clock, in milliseconds, the same in all processes. */
export interface CrowdReport {
  /** Peers whose result left completely. */
  readonly delivered: number;
  /** Peers who could not connect. */
  readonly refused: number;
  /** Requests to be connected to that were sent. */
  readonly requests: number;
  /** Of these answered by a connection, and by a refusal. */
  readonly pierced: number;
  readonly declined: number;
  /** Between the first connection and the last byte of the last result. */
  readonly stormMs: number;
}

/** What the bot went through. */
export interface BotReport {
  /** Peers of whom a hit reached the program. */
  readonly users: number;
  readonly hits: number;
  /** Most sockets of peers at once: those that peers opened, and those that the bot opened or tried to. */
  readonly peakAccepted: number;
  readonly peakDialled: number;
  /** From the last byte of a result to the end of the last peer's socket, in milliseconds. Infinity: some never ended. */
  readonly closingMs: number;
  /** Processor time between the search and the last closed socket, in seconds. */
  readonly cpu: number;
  /** Peak resident memory before the storm and in all, MiB. */
  readonly memoryBefore: number;
  readonly memory: number;
}

/** Words that every file of the crowd has in its name. */
export const QUERY = 'paper storm';

/** The system's monotonic clock in milliseconds. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
