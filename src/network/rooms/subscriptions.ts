import type { SendOptions, SendOutcome } from '../governor/traffic.ts';
import { RestoreStep } from '../session/restore-steps.ts';
import { Replies } from '../users/replies.ts';
import type { RoomsContext } from './context.ts';
import type { AdminOutcome } from './room.ts';

/** Two switches that the server forgets with the session: the feed of all public rooms, and invitations. */
export class RoomSubscriptions {
  readonly #context: RoomsContext;
  readonly #echoes: Replies<boolean>;
  #feed = false;
  #invitations = false;

  constructor(context: RoomsContext, timeoutMs: number) {
    this.#context = context;
    const { link, emitter, clock, text } = context;
    this.#echoes = new Replies(link, clock, timeoutMs);
    link.on('EnableRoomInvitations', ({ enable }) => this.#echoes.answer(String(enable), enable));
    link.on('GlobalRoomMessage', (message) => {
      // A line that was under way when the feed was turned off.
      if (!this.#feed) return;
      const { room, username: user } = message;
      const line = text.read(room, 'message', message.message, message.latin1);
      emitter.emit('feed.message', { room, user, text: line, at: clock.now() });
    });
    link.onRestore(RestoreStep.invitations, () => {
      if (this.#invitations) void this.invitations(true);
    });
    link.onRestore(RestoreStep.globalRoom, () => {
      if (this.#feed) void this.feed(true);
    });
  }

  feed(on: boolean, options?: SendOptions): Promise<SendOutcome> {
    this.#feed = on;
    const type = on ? 'JoinGlobalRoom' : 'LeaveGlobalRoom';
    return this.#context.link.send({ type }, { kind: 'housekeeping' }, options);
  }

  async invitations(on: boolean, options?: SendOptions): Promise<AdminOutcome> {
    this.#invitations = on;
    const request = { type: 'EnableRoomInvitations', enable: on } as const;
    const answer = await this.#echoes.ask(String(on), request, options, { kind: 'room-admin', room: '' });
    return answer.state === 'answered' ? { state: 'confirmed' } : answer;
  }
}
