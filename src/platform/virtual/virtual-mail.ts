import { abortError, onAbort } from '../abort.ts';
import type { Clock, Timer } from '../clock.ts';
import { type Mail, MailError, type MailRequest } from '../mail.ts';

/** What becomes of a message: taken after `delayMs`, refused with the code of a MailError, or never answered. */
export interface VirtualMailReply {
  /** Virtual milliseconds. @default 0 */
  readonly delayMs?: number;
  readonly error?: string;
  /** The sender runs into its timeout. */
  readonly hang?: boolean;
}

/** Mail in memory: it records what was sent, and does what a test says. */
export class VirtualMail implements Mail {
  readonly #clock: Clock;
  readonly #requests: { readonly at: number; readonly request: MailRequest }[] = [];
  #reply: (request: MailRequest) => VirtualMailReply = () => ({});

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Every attempt so far, those that failed included. */
  get requests(): readonly { readonly at: number; readonly request: MailRequest }[] {
    return this.#requests;
  }

  /** What becomes of messages from now on. */
  on(reply: VirtualMailReply | ((request: MailRequest) => VirtualMailReply)): void {
    this.#reply = typeof reply === 'function' ? reply : () => reply;
  }

  send(request: MailRequest): Promise<void> {
    this.#requests.push({ at: this.#clock.now(), request });
    const { delayMs = 0, error, hang = false } = this.#reply(request);
    return new Promise((resolve, reject) => {
      const timers: Timer[] = [];
      const end = (settle: () => void) => {
        for (const timer of timers) timer.cancel();
        forgetSignal();
        settle();
      };
      let forgetSignal = () => {};
      const late = new MailError('ETIMEDOUT', `Not taken within ${request.timeoutMs} ms`);
      timers.push(this.#clock.setTimeout(() => end(() => reject(late)), request.timeoutMs));
      if (!hang)
        timers.push(
          this.#clock.setTimeout(() => {
            if (error === undefined) end(resolve);
            else end(() => reject(new MailError(error, `The server said ${error}`)));
          }, delayMs),
        );
      forgetSignal = onAbort(request.signal, () => {
        const cause = request.signal === undefined ? undefined : abortError(request.signal);
        end(() => reject(new MailError('ABORT_ERR', 'The sending was aborted', { cause })));
      });
    });
  }
}
