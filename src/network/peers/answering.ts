import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { encodePeerMessageAsync, type PeerMessage, type PeerMessageOf } from '../../protocol/index.ts';
import type { PeerLink } from './peer-link.ts';
import type { PeerAnswers } from './peer-messaging.ts';
import { RateGate } from './rate-gate.ts';

/** One list and one user info per user and 0.4 s [Nicotine+]. */
const ANSWER_GAP_MS = 400;

/** Folders are small and asked for in rows. */
const FOLDER_GAP_MS = 50;

/** Answers under way at a time. */
const MAX_ANSWERS = 256;

const MiB = 1024 * 1024;

/** Bytes of answers that one peer, and all peers together, may leave unread before they get no more. */
const MAX_UNREAD = 4 * MiB;
const MAX_UNREAD_OF_ALL = 64 * MiB;

export type Question = PeerMessageOf<'SharedFileListRequest' | 'UserInfoRequest' | 'FolderContentsRequest'>;

/** Answers what peers ask of us, at a bearable rate. */
export class Answering {
  readonly #answers: PeerAnswers;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #gates: Readonly<Record<Question['type'], RateGate>>;
  /** Links on which an answer went that may not have been read. */
  readonly #reading = new Set<PeerLink>();
  #running = 0;

  constructor(answers: PeerAnswers, clock: Clock, log: Log) {
    this.#answers = answers;
    this.#clock = clock;
    this.#log = log;
    this.#gates = {
      SharedFileListRequest: new RateGate(clock, ANSWER_GAP_MS),
      UserInfoRequest: new RateGate(clock, ANSWER_GAP_MS),
      FolderContentsRequest: new RateGate(clock, FOLDER_GAP_MS),
    };
  }

  answer(question: Question, link: PeerLink): void {
    // Whoever only claims a name is counted by address: names cost nothing.
    const asker = link.verified ? `user ${link.user}` : `host ${link.remote.host}`;
    if (this.#running >= MAX_ANSWERS || this.#isFull(link) || !this.#gates[question.type].pass(asker)) {
      link.strike('too-often');
      return;
    }
    this.#running += 1;
    void this.#reply(question, link)
      .catch((error: unknown) => {
        this.#log.warn('a question of a peer was not answered', {
          user: link.user,
          question: question.type,
          error,
        });
      })
      .finally(() => {
        this.#running -= 1;
      });
  }

  /** Whoever asks and does not read would otherwise fill our memory. */
  #isFull(link: PeerLink): boolean {
    if (link.bufferedBytes > MAX_UNREAD) return true;
    let unread = 0;
    for (const reader of this.#reading) {
      if (reader.closed || reader.bufferedBytes === 0) this.#reading.delete(reader);
      else unread += reader.bufferedBytes;
    }
    return unread > MAX_UNREAD_OF_ALL;
  }

  #send(link: PeerLink, frame: Uint8Array): void {
    if (!link.send(frame) && !link.closed) this.#reading.add(link);
  }

  async #reply(question: Question, link: PeerLink): Promise<void> {
    const reply = await this.#find(question, link);
    if (link.closed) return;
    if (reply instanceof Uint8Array) {
      this.#send(link, reply);
      return;
    }
    const hold = this.#clock.hold('an answer to a peer is compressed');
    try {
      this.#send(link, await encodePeerMessageAsync(reply));
    } finally {
      hold.release();
    }
  }

  async #find(question: Question, link: PeerLink): Promise<PeerMessage | Uint8Array> {
    switch (question.type) {
      case 'SharedFileListRequest': {
        const shares = await this.#answers.shares(link);
        return shares instanceof Uint8Array ? shares : { type: 'SharedFileListResponse', ...shares };
      }
      case 'UserInfoRequest': {
        const info = await this.#answers.userInfo(link);
        return info instanceof Uint8Array ? info : { type: 'UserInfoResponse', ...info };
      }
      case 'FolderContentsRequest': {
        const { folder, token } = question;
        const folders = (await this.#answers.folder(folder, link)) ?? [];
        return { type: 'FolderContentsResponse', token, folder, folders };
      }
    }
  }
}
