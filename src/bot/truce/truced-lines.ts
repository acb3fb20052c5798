import type { Random } from '../../platform/random.ts';
import type { LineReceipt } from '../../plugins/api/lines.ts';
import type { LineOptions } from '../../plugins/host/services.ts';
import type { NoteDecision } from '../why/decision.ts';
import type { LineTrail, TrailedLine } from '../why/line-trail.ts';
import type { Silence, Truce } from './truce.ts';

/** Where a line goes: a room or a user. */
export interface LinePlace {
  readonly kind: 'room' | 'private';
  readonly to: string;
}

/** Lines of plugins on their way to the network's queue. */
export interface LineSender {
  send(
    instance: string,
    to: LinePlace,
    texts: readonly string[],
    options: LineOptions,
    addressee?: string,
  ): Promise<LineReceipt>;
}

export interface TrucedLinesOptions {
  readonly lines: LineSender;
  readonly truce: Truce;
  readonly trail: LineTrail;
  readonly note: NoteDecision;
  readonly random: Random;
}

/** Lines that the truce allows; what became of each is followed to its end. */
export class TrucedLines {
  readonly #options: TrucedLinesOptions;

  constructor(options: TrucedLinesOptions) {
    this.#options = options;
  }

  /** A line that is addressed to nobody in a room, or to somebody who did not ask. */
  send(
    instance: string,
    to: LinePlace,
    texts: readonly string[],
    options: LineOptions,
  ): Promise<LineReceipt> {
    const { truce } = this.#options;
    const silence = options.priority === 'moderation' ? undefined : truce.mayNotSay(to.kind, to.to);
    return this.#send(instance, { ...to, text: texts.join('\n') }, texts, options, silence);
  }

  /** An answer to somebody. @param addressee whose name is put before a line that would only repeat what was said. */
  answer(
    instance: string,
    to: LinePlace,
    user: string,
    texts: readonly string[],
    options: LineOptions,
    addressee?: string,
  ): Promise<LineReceipt> {
    const room = to.kind === 'room' ? to.to : undefined;
    const silence =
      options.priority === 'moderation' ? undefined : this.#options.truce.mayNotAnswer(user, room);
    const line = { ...to, text: texts.join('\n'), ...(room !== undefined && { addressee: user }) };
    return this.#send(instance, line, texts, options, silence, addressee);
  }

  async #send(
    instance: string,
    line: Omit<TrailedLine, 'instance'>,
    texts: readonly string[],
    options: LineOptions,
    silence: Silence | undefined,
    addressee?: string,
  ): Promise<LineReceipt> {
    const { lines, trail, truce } = this.#options;
    if (silence !== undefined) return this.#silenced(instance, line, silence);
    const answers = line.addressee ?? truce.answered(line.kind, line.to);
    const receipt = await lines.send(instance, { kind: line.kind, to: line.to }, texts, options, addressee);
    const { state, detail } = receipt;
    const id = receipt.id.slice(instance.length + 1);
    trail.queued(
      { id, state, ...(detail !== undefined && { detail }) },
      { instance, ...line, ...(answers !== undefined && line.kind === 'room' && { addressee: answers }) },
    );
    return receipt;
  }

  #silenced(
    instance: string,
    { kind, to, addressee }: Omit<TrailedLine, 'instance'>,
    { reason }: Silence,
  ): LineReceipt {
    const { note, random, truce } = this.#options;
    const user = kind === 'private' ? to : (addressee ?? truce.answered(kind, to));
    note({
      source: 'truce',
      what: 'answer',
      reason,
      plugin: instance,
      ...(user !== undefined && { user }),
      ...(kind === 'room' && { room: to }),
    });
    const id = `${instance}/${Buffer.from(random.bytes(9)).toString('hex')}`;
    return { id, state: 'dropped', detail: reason };
  }
}
