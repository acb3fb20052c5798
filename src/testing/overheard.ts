import type { SandboxServer } from '../sandbox/index.ts';

/** A line that left the bot and that the server took. */
export interface SentLine {
  readonly kind: 'room' | 'private';
  /** The room's or the user's name. */
  readonly to: string;
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Listens at the server to what one user says. */
export class Overheard {
  readonly all: SentLine[] = [];

  constructor(server: SandboxServer, speaker: string) {
    server.on('line', ({ room, user, text, at }) => {
      if (user === speaker) this.all.push({ kind: 'room', to: room, text, at });
    });
    server.on('request', ({ user, request, at }) => {
      if (user === speaker && request.type === 'MessageUser') {
        this.all.push({ kind: 'private', to: request.username, text: request.message, at });
      }
    });
  }
}
