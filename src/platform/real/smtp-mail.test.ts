import type { AddressInfo, LookupFunction } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MailMessage, MailServer } from '../mail.ts';
import { SmtpMail } from './smtp-mail.ts';

/** A server that speaks as much SMTP as a message needs [RFC 5321], and remembers what it heard. */
class SmtpServer {
  readonly heard: string[] = [];
  data = '';
  /** Instead of what it says by itself, by the first word of a command; `greeting` and `end` of the message too. */
  answers: Readonly<Record<string, string>> = {};
  hangs = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    if (this.hangs) return;
    const say = (text: string) => socket.write(`${text}\r\n`);
    let text = '';
    let inData = false;
    say(this.answers['greeting'] ?? '220 test ESMTP');
    socket.on('data', (bytes) => {
      text += bytes.toString('utf8');
      for (;;) {
        const end = text.indexOf(inData ? '\r\n.\r\n' : '\r\n');
        if (end < 0) return;
        const piece = text.slice(0, end);
        text = text.slice(end + (inData ? 5 : 2));
        if (inData) {
          this.data = piece;
          inData = false;
          say(this.answers['end'] ?? '250 taken');
          continue;
        }
        this.heard.push(piece);
        const word = (piece.split(/[\s:]/u)[0] ?? '').toUpperCase();
        const own: Record<string, string> = {
          EHLO: '250-test\r\n250 AUTH PLAIN LOGIN',
          AUTH: '235 welcome',
          STARTTLS: '502 not here',
          DATA: '354 go on',
          QUIT: '221 bye',
        };
        const answer = this.answers[word] ?? own[word] ?? '250 ok';
        inData = word === 'DATA' && answer.startsWith('354');
        say(answer);
      }
    });
  }
}

let smtp: SmtpServer;
let server: MailServer;
beforeEach(async () => {
  smtp = new SmtpServer();
  server = { host: '127.0.0.1', port: await smtp.listen(), security: 'none' };
});
afterEach(() => smtp.close());

const message: MailMessage = {
  from: 'Bot <bot@example.org>',
  to: ['me@example.org', 'you@example.org'],
  subject: 'Fünde',
  text: 'one\n.two\n',
  messageId: '<1@example.org>',
};
const send = (change: Partial<MailServer> = {}, mail: Partial<MailMessage> = {}, timeoutMs = 10_000) =>
  new SmtpMail().send({ server: { ...server, ...change }, message: { ...message, ...mail }, timeoutMs });

describe('a message', () => {
  it('arrives, with a login', async () => {
    await send({ login: { user: 'bot', password: 'pass' } });
    expect(smtp.heard.slice(1)).toEqual(
      [
        `AUTH PLAIN ${Buffer.from('\0bot\0pass').toString('base64')}`,
        'MAIL FROM:<bot@example.org>',
        'RCPT TO:<me@example.org>',
        'RCPT TO:<you@example.org>',
        'DATA',
      ].map((line): unknown => (line.startsWith('MAIL') ? expect.stringContaining(line) : line)),
    );
    expect(smtp.data).toMatch(/^Message-ID: <1@example\.org>\r?$/mu);
    expect(smtp.data).toMatch(/^Subject: =\?UTF-8\?/mu);
    expect(smtp.data).toMatch(/^Auto-Submitted: auto-generated\r?$/mu);
    expect(smtp.data).toContain('one\r\n..two');
  });

  it('cannot carry headers or recipients of its own', async () => {
    await send(
      {},
      { subject: 'x\r\nBcc: evil@example.org', text: 'x\r\n.\r\nMAIL FROM:<evil@example.org>\r\n' },
    );
    const [head = ''] = smtp.data.split('\r\n\r\n');
    expect(head).not.toMatch(/^Bcc/imu);
    expect(smtp.heard.filter((line) => /^(?:RCPT|MAIL)/u.test(line))).toHaveLength(3);
  });
});

describe('what goes wrong has a code', () => {
  it.each([
    ['EAUTH', { AUTH: '535 no' }],
    ['EREFUSED', { RCPT: '550 nobody here' }],
    ['EREFUSED', { end: '554 spam' }],
    ['ETEMPORARY', { MAIL: '451 later' }],
    ['ETEMPORARY', { end: '452 full' }],
  ])('%s', async (code, answers) => {
    smtp.answers = answers;
    await expect(send({ login: { user: 'bot', password: 'pass' } })).rejects.toMatchObject({
      name: 'MailError',
      code,
    });
  });

  it('ETLS: nothing is said in clear to a server that offers no encryption', async () => {
    const login = { user: 'bot', password: 'pass' };
    await expect(send({ security: 'starttls', login })).rejects.toMatchObject({ code: 'ETLS' });
    expect(smtp.heard.join('\n')).not.toMatch(/AUTH|MAIL/u);
  });

  it('ETIMEDOUT: a server that says nothing', async () => {
    smtp.hangs = true;
    await expect(send({}, {}, 50)).rejects.toMatchObject({ code: 'ETIMEDOUT' });
  });

  it('ABORT_ERR: whoever waits gives up', async () => {
    smtp.hangs = true;
    const ending = new AbortController();
    const sent = new SmtpMail().send({ server, message, timeoutMs: 10_000, signal: ending.signal });
    ending.abort();
    await expect(sent).rejects.toMatchObject({ code: 'ABORT_ERR' });
  });

  it('ECONNREFUSED: nobody is there', async () => {
    await smtp.close();
    await expect(send()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    smtp = new SmtpServer();
    await smtp.listen();
  });

  it('EPRIVATE: an address that is not public, given or found', async () => {
    await expect(send({ publicOnly: true })).rejects.toMatchObject({ code: 'EPRIVATE' });
    const lookup = ((_host: string, _options: unknown, done: (error: null, found: unknown) => void) =>
      done(null, [{ address: '127.0.0.1', family: 4 }])) as unknown as LookupFunction;
    const mail = new SmtpMail({ lookup, allows: () => false });
    const named = { ...server, host: 'evil.example', publicOnly: true };
    await expect(mail.send({ server: named, message, timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'EPRIVATE',
    });
    expect(smtp.heard).toEqual([]);
  });
});
