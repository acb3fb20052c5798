import type { Clock, Timer } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { encodePeerMessage, type FileEntry } from '../../protocol/index.ts';
import type { ServerLink, Undo } from '../server-link.ts';
import type { ExcludedPhrases } from './excluded-phrases.ts';
import { type IncomingQuery, readIncoming } from './incoming-query.ts';
import type { RequestStream, SearchRequest } from './requests/request-stream.ts';

/** A search of somebody else, for those who may have an answer. */
export interface SearchQuestion extends SearchRequest {
  /** The query by the rules on which answering clients agree; it has at least one complete word. */
  readonly asked: IncomingQuery;
}

/** Files for an answer: whole remote paths in `filename`, `code` 1. */
export interface SearchAnswer {
  readonly results: readonly FileEntry[];
  /** Files that the asker may see but not have. */
  readonly locked?: readonly FileEntry[];
}

/** Who has files: our shares, or a plugin. */
export interface SearchAnswerer {
  /** Undefined, or no files, when it has nothing. Slower than 10 s is too late. What it throws is logged. */
  answer(question: SearchQuestion): SearchAnswer | undefined | Promise<SearchAnswer | undefined>;
}

/** What askers want to know of our uploads. */
export interface UploadStatus {
  /** Whether an upload could start now. */
  readonly slotFree: boolean;
  /** Bytes/s. */
  readonly avgSpeed: number;
  /** Uploads waiting. */
  readonly queueLength: number;
}

/** Where answers go: of PeerMessaging what answering needs. */
export interface AnswerSink {
  send(
    user: string,
    frame: Uint8Array,
    options: { readonly priority: 'answer' },
  ): Promise<{ readonly state: 'sent' | 'failed' }>;
}

export interface AnsweringCounts {
  /** Questions with at least one complete word. */
  readonly asked: number;
  /** Questions for which there were files. */
  readonly answered: number;
  readonly sent: number;
  /** Answers that did not reach the asker. */
  readonly failed: number;
  /** Questions not looked at because there were too many, and answers not sent for the same reason. */
  readonly shed: number;
  /** Questions that waited so long that nobody wants the answer any more. */
  readonly stale: number;
  /** Files left out because of excluded phrases. */
  readonly excluded: number;
}

/** Look-ups at a time, and questions waiting for one [slskd]. */
const MAX_LOOKUPS = 10;
const MAX_WAITING = 500;

const LOOKUP_MS = 10_000;

/** Most searchers stop listening before. */
const STALE_MS = 30_000;

/** Files in an answer, locked ones included [Nicotine+]. */
const MAX_RESULTS = 300;

/** Answers on their way, the connections for which are being made. */
const MAX_SENDING = 500;

interface Waiting {
  readonly question: SearchQuestion;
  /** Monotonic milliseconds. */
  readonly since: number;
}

type Lookup = SearchAnswer | undefined | Promise<SearchAnswer | undefined>;

/** Answers what others search for, without ever falling behind: what is too much is left out and counted. */
export class SearchAnswering {
  readonly #stream: RequestStream;
  readonly #link: Pick<ServerLink, 'username'>;
  readonly #sink: AnswerSink;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #phrases: ExcludedPhrases;
  readonly #status: () => UploadStatus;
  #answerers: readonly SearchAnswerer[] = [];
  #unlisten: Undo | undefined;
  #lookups = 0;
  #waiting: Waiting[] = [];
  #sending = 0;
  readonly #counts = { asked: 0, answered: 0, sent: 0, failed: 0, shed: 0, stale: 0, excluded: 0 };

  constructor(options: {
    readonly stream: RequestStream;
    readonly link: Pick<ServerLink, 'username'>;
    readonly sink: AnswerSink;
    readonly clock: Clock;
    readonly log: Log;
    readonly phrases: ExcludedPhrases;
    readonly status: () => UploadStatus;
  }) {
    this.#stream = options.stream;
    this.#link = options.link;
    this.#sink = options.sink;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#phrases = options.phrases;
    this.#status = options.status;
  }

  get counts(): AnsweringCounts {
    return { ...this.#counts };
  }

  /** Asks `answerer` too from now on. Their files go into one answer, those of who was added first in front. */
  add(answerer: SearchAnswerer): Undo {
    const own: SearchAnswerer = { answer: (question) => answerer.answer(question) };
    this.#answerers = [...this.#answerers, own];
    this.#unlisten ??= this.#stream.listen((request) => this.#take(request));
    return () => {
      this.#answerers = this.#answerers.filter((other) => other !== own);
      if (this.#answerers.length > 0) return;
      this.#unlisten?.();
      this.#unlisten = undefined;
      this.#waiting = [];
    };
  }

  #take(request: SearchRequest): void {
    const asked = readIncoming(request.query);
    if (asked.words.length === 0) return;
    this.#counts.asked++;
    const question = { ...request, asked };
    if (this.#lookups < MAX_LOOKUPS) this.#lookUp(question);
    else if (this.#waiting.length < MAX_WAITING)
      this.#waiting.push({ question, since: this.#clock.monotonic() });
    else this.#counts.shed++;
  }

  #lookUp(question: SearchQuestion): void {
    const lookups = this.#answerers.map((answerer) => this.#ask(answerer, question));
    if (lookups.some((lookup) => lookup instanceof Promise)) void this.#wait(question, lookups);
    else this.#answer(question, lookups as readonly (SearchAnswer | undefined)[]);
  }

  async #wait(question: SearchQuestion, lookups: readonly Lookup[]): Promise<void> {
    this.#lookups++;
    const answers = await Promise.all(lookups.map((lookup) => this.#inTime(lookup)));
    this.#lookups--;
    this.#answer(question, answers);
    while (this.#lookups < MAX_LOOKUPS) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if (next.since + STALE_MS < this.#clock.monotonic()) this.#counts.stale++;
      else this.#lookUp(next.question);
    }
  }

  #ask(answerer: SearchAnswerer, question: SearchQuestion): Lookup {
    try {
      const lookup = answerer.answer(question);
      return lookup instanceof Promise ? lookup.catch((error: unknown) => this.#failed(error)) : lookup;
    } catch (error) {
      this.#failed(error);
      return undefined;
    }
  }

  #failed(error: unknown): undefined {
    this.#log.error('looking for files to answer a search with failed', { error });
  }

  /** Whoever hangs must not keep his place for ever. */
  async #inTime(lookup: Lookup): Promise<SearchAnswer | undefined> {
    if (!(lookup instanceof Promise)) return lookup;
    let timer: Timer | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = this.#clock.setTimeout(() => resolve(undefined), LOOKUP_MS);
    });
    try {
      return await Promise.race([lookup, late]);
    } finally {
      timer?.cancel();
    }
  }

  #answer(question: SearchQuestion, answers: readonly (SearchAnswer | undefined)[]): void {
    const seen = new Set<string>();
    const results = this.#allowed(answers, 'results', seen);
    const locked = this.#allowed(answers, 'locked', seen);
    if (results.length + locked.length === 0 || question.user === this.#link.username) return;
    this.#counts.answered++;
    if (this.#sending >= MAX_SENDING) {
      this.#counts.shed++;
      return;
    }
    void this.#send(question, results, locked);
  }

  /** Files that may be named, each path once. */
  #allowed(
    answers: readonly (SearchAnswer | undefined)[],
    list: 'results' | 'locked',
    seen: Set<string>,
  ): FileEntry[] {
    const allowed: FileEntry[] = [];
    for (const answer of answers) {
      for (const file of answer?.[list] ?? []) {
        if (seen.size >= MAX_RESULTS) return allowed;
        if (seen.has(file.filename)) continue;
        if (this.#phrases.allows(file.filename)) {
          seen.add(file.filename);
          allowed.push(file);
        } else this.#counts.excluded++;
      }
    }
    return allowed;
  }

  async #send(
    { user, token }: SearchQuestion,
    results: readonly FileEntry[],
    locked: readonly FileEntry[],
  ): Promise<void> {
    this.#sending++;
    try {
      const frame = encodePeerMessage({
        type: 'FileSearchResponse',
        username: this.#link.username,
        token,
        results,
        ...this.#status(),
        // There are readers that fail without it [aioslsk].
        unknown: 0,
        ...(locked.length > 0 && { privateResults: locked }),
      });
      const { state } = await this.#sink.send(user, frame, { priority: 'answer' });
      this.#counts[state]++;
    } catch (error) {
      this.#counts.failed++;
      this.#log.error('an answer to a search could not be sent', { error });
    } finally {
      this.#sending--;
    }
  }
}
