import { onAbort } from '../../platform/abort.ts';
import type { Clock } from '../../platform/clock.ts';
import type { PeerMessage } from '../../protocol/index.ts';
import { FOLDER_RESPONSE, INFO_RESPONSE, SHARES_RESPONSE } from './peer-codes.ts';
import { PeerError, type PeerLink } from './peer-link.ts';
import type { PeerRequestOptions, PeerSendOptions, PeerSendOutcome } from './peer-messaging.ts';

/** Questions under way at a time, and of these lists of shares, which may be large. */
const MAX_REQUESTS = 256;
const MAX_BROWSES = 8;

const MiB = 1024 * 1024;

/** What a reply may measure as it comes, compressed: Nicotine+ takes 448, 448 and 16 MiB; real ones have a few. */
const REPLY_CAPS: ReadonlyMap<number, number> = new Map([
  [SHARES_RESPONSE, 64 * MiB],
  [INFO_RESPONSE, 16 * MiB],
  [FOLDER_RESPONSE, 16 * MiB],
]);

interface Request {
  readonly user: string;
  readonly code: number;
  /** What distinguishes replies of that code; lists and infos have no token. */
  readonly token: number | undefined;
  readonly frame: Uint8Array;
  readonly options: PeerSendOptions;
  /** The link on which it went last. */
  link: PeerLink | undefined;
  repeated: boolean;
  readonly resolve: (message: PeerMessage) => void;
  readonly fail: (error: PeerError) => void;
}

/** Questions to peers that wait for their replies. */
export class Requests {
  readonly #clock: Clock;
  readonly #send: (user: string, frame: Uint8Array, options: PeerSendOptions) => Promise<PeerSendOutcome>;
  readonly #current: (user: string) => PeerLink | undefined;
  readonly #byUser = new Map<string, Request[]>();
  #size = 0;

  constructor(
    clock: Clock,
    send: (user: string, frame: Uint8Array, options: PeerSendOptions) => Promise<PeerSendOutcome>,
    current: (user: string) => PeerLink | undefined,
  ) {
    this.#clock = clock;
    this.#send = send;
    this.#current = current;
  }

  get size(): number {
    return this.#size;
  }

  has(user: string): boolean {
    return this.#byUser.has(user);
  }

  /** How large a reply of that code may be that comes on that link: 0 if nobody waits for one. */
  cap(link: PeerLink, code: number): number {
    return link.verified && this.#waits(link.user, code) ? (REPLY_CAPS.get(code) ?? 0) : 0;
  }

  /** Rejects with a PeerError. */
  ask<T extends PeerMessage>(
    question: { user: string; code: number; token?: number; frame: Uint8Array; timeoutMs: number },
    options: PeerRequestOptions,
  ): Promise<T> {
    const { user, code, token, frame } = question;
    const timeoutMs = options.timeoutMs ?? question.timeoutMs;
    const full = this.#size >= MAX_REQUESTS || (code === SHARES_RESPONSE && this.#browses() >= MAX_BROWSES);
    if (full) return Promise.reject(new PeerError('over-budget', user, 'too many questions are under way'));
    return new Promise<PeerMessage>((resolve, reject) => {
      const done = () => {
        timer.cancel();
        forget();
        this.#remove(request);
      };
      const sending: PeerSendOptions = {
        priority: options.priority ?? 'person',
        timeoutMs,
        ...(options.signal && { signal: options.signal }),
      };
      const request: Request = {
        user,
        code,
        token,
        frame,
        options: sending,
        link: undefined,
        repeated: false,
        resolve: (message) => {
          done();
          resolve(message);
        },
        fail: (error) => {
          done();
          reject(error);
        },
      };
      let forget = () => {};
      const timer = this.#clock.setTimeout(() => {
        request.fail(new PeerError('timeout', user, `${user} did not answer within ${timeoutMs / 1000} s`));
      }, timeoutMs);
      this.#add(request);
      forget = onAbort(options.signal, () => {
        request.fail(new PeerError('cancelled', user, 'the answer is not wanted any more'));
      });
      if (options.signal?.aborted !== true) this.#transmit(request);
    }) as Promise<T>;
  }

  /** A reply came on a proven link. Returns whether anybody waited for it. */
  answered(user: string, code: number, message: PeerMessage): boolean {
    const token = 'token' in message ? message.token : undefined;
    const mine = (this.#byUser.get(user) ?? []).filter(
      (request) => request.code === code && (request.token === undefined || request.token === token),
    );
    for (const request of mine) request.resolve(message);
    return mine.length > 0;
  }

  /** A reply came on a proven link, and cannot be read. */
  unreadable(user: string, code: number): void {
    for (const request of [...(this.#byUser.get(user) ?? [])]) {
      if (request.code === code)
        request.fail(new PeerError('refused', user, `what ${user} answered cannot be read`));
    }
  }

  /** A link is gone: what was asked on it is asked once more, on another. */
  closed(link: PeerLink, reason: string): void {
    for (const request of [...(this.#byUser.get(link.user) ?? [])]) {
      if (request.link !== link) continue;
      request.link = undefined;
      if (request.repeated) {
        request.fail(
          new PeerError('refused', link.user, `the connection ended before the answer: ${reason}`),
        );
      } else {
        request.repeated = true;
        this.#transmit(request);
      }
    }
  }

  failAll(why: string): void {
    for (const requests of [...this.#byUser.values()]) {
      for (const request of [...requests]) request.fail(new PeerError('cancelled', request.user, why));
    }
  }

  #transmit(request: Request): void {
    void this.#send(request.user, request.frame, request.options).then((outcome) => {
      if (outcome.state === 'sent') request.link = this.#current(request.user);
      else request.fail(new PeerError(outcome.code, request.user, outcome.reason));
    });
  }

  #waits(user: string, code: number): boolean {
    return this.#byUser.get(user)?.some((request) => request.code === code) ?? false;
  }

  #browses(): number {
    let count = 0;
    for (const requests of this.#byUser.values()) {
      for (const { code } of requests) if (code === SHARES_RESPONSE) count += 1;
    }
    return count;
  }

  #add(request: Request): void {
    const requests = this.#byUser.get(request.user);
    if (requests === undefined) this.#byUser.set(request.user, [request]);
    else requests.push(request);
    this.#size += 1;
  }

  #remove(request: Request): void {
    const requests = this.#byUser.get(request.user);
    const at = requests?.indexOf(request) ?? -1;
    if (requests === undefined || at < 0) return;
    requests.splice(at, 1);
    this.#size -= 1;
    if (requests.length === 0) this.#byUser.delete(request.user);
  }
}
