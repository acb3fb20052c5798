import type { CommandAnswer } from '../../api/command.ts';
import { PluginError } from '../../api/errors.ts';
import type { Reply } from '../../api/events.ts';
import type { FromPlugin, ToPlugin, WireCommandResult } from '../wire.ts';
import { toWireError } from '../wire-error.ts';
import { runWithin } from './current-call.ts';
import type { Code, Registrations } from './registrations.ts';

/** What the host asks of a registration. */
type Invocation = Extract<ToPlugin, { t: 'invoke' | 'command' | 'batch' | 'question' | 'run' }>;

/** What invocations work with. */
export interface InvocationParts {
  readonly registrations: Pick<Registrations, 'find'>;
  /** Runs the plugin's code. */
  readonly enter: <T>(run: () => T) => T;
  /** Answers to where an event or a call came from. */
  readonly reply: (token: string) => Reply;
  /** Posts what holds the plugin's own values. @throws PluginError `not-plain`, `too-large` */
  readonly post: (message: FromPlugin, where: string) => void;
  readonly failed: (message: FromPlugin) => void;
}

/** Runs the code of registrations when the host asks for it, and answers. */
export class Invocations {
  readonly #parts: InvocationParts;

  constructor(parts: InvocationParts) {
    this.#parts = parts;
  }

  /** One that is gone meanwhile answers nothing. Never rejects. */
  async handle(message: Invocation): Promise<void> {
    const { registrations, enter, post, failed } = this.#parts;
    const { call } = message;
    const code = registrations.find(message.reg);
    try {
      const value = await runWithin(call, () => enter(async () => this.#run(message, code)));
      post({ t: 'result', call, ...(value === undefined ? {} : { value }) }, answerOf(message));
    } catch (error) {
      failed({ t: 'error', call, error: toWireError(error) });
    }
  }

  async #run(message: Invocation, code: Code | undefined): Promise<unknown> {
    switch (message.t) {
      case 'invoke':
        if (code?.kind === 'event') await code.handler({ ...message.event, ...this.#replyTo(message.reply) });
        return undefined;
      case 'batch':
        if (code?.kind === 'batch') await code.handler(message.items, { dropped: message.dropped });
        return undefined;
      case 'question':
        return code?.kind === 'answerer' ? code.answerer(message.question) : undefined;
      case 'run':
        return code?.kind === 'run' ? code.run(message.input, this.#replyTo(message.reply).reply) : undefined;
      case 'command':
        return code?.kind === 'command' ? this.#command(code, message) : { reply: [], refund: true };
    }
  }

  async #command(
    { command }: Extract<Code, { kind: 'command' }>,
    { input, reply }: Extract<ToPlugin, { t: 'command' }>,
  ): Promise<WireCommandResult> {
    let refund = false;
    const context = {
      ...input,
      reply: this.#parts.reply(reply),
      refundCooldown: () => {
        refund = true;
      },
    };
    const answer = await command.run(context);
    return { reply: linesOf(answer, command.name), refund };
  }

  #replyTo(token: string | undefined): { readonly reply?: Reply } {
    return token === undefined ? {} : { reply: this.#parts.reply(token) };
  }
}

/** For errors about it. */
function answerOf(message: Invocation): string {
  if (message.t === 'command') return `the answer of !${message.input.command}`;
  return message.t === 'question' ? 'the answer to a search' : 'the answer';
}

function linesOf(answer: CommandAnswer, command: string): readonly string[] {
  if (answer === undefined || answer === null) return [];
  const lines: unknown = typeof answer === 'string' ? [answer] : answer;
  if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string')) {
    throw new PluginError(
      'invalid',
      `run of command "${command}" must return text, a list of texts, or nothing`,
    );
  }
  return lines.filter((line) => line !== '');
}
