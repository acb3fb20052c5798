import { type Mail, MailError, type MailServer } from '../../../platform/mail.ts';
import { formatDuration } from '../../../plugins/api/duration.ts';
import type { EmailChannel } from '../channel-config.ts';
import type { Outcome, Parcel, Sender } from '../parcel.ts';
import { renderText } from '../text/render.ts';
import { WHOLE } from '../text/template.ts';

/** Mail over SMTP. The same parcel has the same Message-ID at every attempt. */
export class EmailSender implements Sender {
  readonly #channel: EmailChannel;
  readonly #mail: Mail;

  constructor(channel: EmailChannel, mail: Mail) {
    this.#channel = channel;
    this.#mail = mail;
  }

  async send(parcel: Parcel, signal: AbortSignal): Promise<Outcome> {
    const { from, to, template = WHOLE, timezone, timeoutMs } = this.#channel;
    try {
      await this.#mail.send({
        server: this.#server(),
        message: {
          from,
          to,
          subject: parcel.title,
          text: renderText(parcel, { template, timezone }),
          messageId: `<${parcel.id}@${domainOf(from)}>`,
        },
        timeoutMs,
        signal,
      });
      return { how: 'told' };
    } catch (error) {
      const code = error instanceof MailError ? error.code : 'unknown';
      if (code === 'EREFUSED') return { how: 'refused', problem: 'the server refuses the message' };
      const problem = code === 'ETIMEDOUT' ? `not taken within ${formatDuration(timeoutMs)}` : FAILURES[code];
      return { how: 'failed', problem: problem ?? `the exchange failed (${code})` };
    }
  }

  #server(): MailServer {
    const { host, port, security, user, password, private: isPrivate } = this.#channel;
    return {
      host,
      port,
      security,
      publicOnly: !isPrivate,
      ...(user !== undefined && password !== undefined && { login: { user, password: password.reveal() } }),
    };
  }
}

const FAILURES: Readonly<Record<string, string>> = {
  EAUTH: 'the server does not take the login',
  ETLS: 'no encrypted connection could be made',
  ESOCKET: 'the connection broke, or its certificate is not valid',
  ETEMPORARY: 'the server does not take mail at present',
  EPRIVATE: 'its host is not on the public internet; "private: true" in the config allows that',
  ENOTFOUND: 'there is no host of that name',
  ECONNREFUSED: 'nobody listens there',
  ABORT_ERR: 'the bot is stopping',
};

/** Of an address, with or without a name before it. */
function domainOf(address: string): string {
  return /@([A-Za-z0-9.-]+)>?\s*$/u.exec(address)?.[1] ?? 'seekeeper';
}
