import { connect, isIP, type Socket } from 'node:net';
import { abortError, onAbort } from '../abort.ts';
import { type Mail, MailError, type MailRequest, type MailServer } from '../mail.ts';
import { checkedLookup, type Guard, PUBLIC } from './guarded-exchange.ts';

/** Statuses by which a server asks for a login, or does not take it. */
const LOGIN_STATUSES = [530, 534, 535, 538];

/** Mail over SMTP, by nodemailer, which is loaded when the first message leaves. */
export class SmtpMail implements Mail {
  readonly #guard: Guard;

  /** @param guard how names are looked up, and which addresses `publicOnly` allows. */
  constructor(guard: Guard = PUBLIC) {
    this.#guard = guard;
  }

  async send({ server, message, timeoutMs, signal }: MailRequest): Promise<void> {
    const ending = new AbortController();
    let why: MailError | undefined;
    const end = (error: MailError) => {
      why ??= error;
      ending.abort();
    };
    const timer = setTimeout(
      () => end(new MailError('ETIMEDOUT', `Not taken within ${timeoutMs} ms`)),
      timeoutMs,
    );
    const forgetSignal = onAbort(signal, () => {
      const cause = signal === undefined ? undefined : abortError(signal);
      end(new MailError('ABORT_ERR', 'The sending was aborted', { cause }));
    });
    let socket: Socket | undefined;
    try {
      const { createTransport } = await import('nodemailer');
      socket = await this.#connect(server, ending.signal);
      const transport = createTransport({
        ...transportOptions(server),
        connection: socket,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
      });
      const { from, to, subject, text, messageId } = message;
      await transport.sendMail({
        from,
        to: [...to],
        subject,
        text,
        messageId,
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
        signal: ending.signal,
      });
    } catch (error) {
      throw why ?? mailError(error);
    } finally {
      clearTimeout(timer);
      forgetSignal();
      socket?.destroy();
    }
  }

  /** What counts is the address that the socket is opened to. */
  #connect({ host, port, publicOnly = false }: MailServer, signal: AbortSignal): Promise<Socket> {
    const { lookup } = this.#guard;
    const allows = publicOnly ? this.#guard.allows : () => true;
    return new Promise((resolve, reject) => {
      if (isIP(host) !== 0 && !allows(host))
        throw new MailError('EPRIVATE', `${host} is not on the public internet`);
      const socket = connect({
        host,
        port,
        lookup: checkedLookup({ lookup, allows }),
        autoSelectFamily: true,
        signal,
      });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(socket);
      });
    });
  }
}

function transportOptions({ host, port, security, login }: MailServer) {
  return {
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    tls: isIP(host) === 0 ? { servername: host } : {},
    ...(login !== undefined && { auth: { user: login.user, pass: login.password } }),
  };
}

/** nodemailer's error by what it means. Its message is not passed on: it may repeat what was sent. */
function mailError(error: unknown): MailError {
  if (error instanceof MailError) return error;
  const { code, responseCode } = (error ?? {}) as {
    readonly code?: unknown;
    readonly responseCode?: unknown;
  };
  const status = typeof responseCode === 'number' ? responseCode : 0;
  const kind =
    code === 'EAUTH' || LOGIN_STATUSES.includes(status)
      ? 'EAUTH'
      : code === 'ETLS' || code === 'ENOAUTH'
        ? code
        : status >= 500
          ? 'EREFUSED'
          : status >= 400
            ? 'ETEMPORARY'
            : typeof code === 'string'
              ? code
              : 'unknown';
  const about = status === 0 ? '' : ` (status ${status})`;
  return new MailError(kind, `The mail was not taken: ${kind}${about}`, { cause: error });
}
