import {
  encodePeerMessage,
  type PeerMessage,
  type PeerMessageOf,
  type ServerResponse,
} from '../../protocol/index.ts';
import type { Spoilable } from './behaviour.ts';
import type { Contacts } from './contacts.ts';
import { wideSlots } from './old-dialects.ts';
import type { PeerSelf } from './peer-self.ts';
import { spoil } from './spoil.ts';
import type { PeerWire, WireMessage } from './wire.ts';

/** Somebody looks for something. */
export interface Asked {
  readonly user: string;
  readonly token: number;
  readonly query: string;
}

export interface PeerProfile {
  /** Text of the user info. */
  readonly description: string;
  /** Bytes per second, in search results. */
  readonly uploadSpeed: number;
  readonly uploadSlots: number;
  /** Uploads that wait, as others are told; above 0 no slot is free. */
  readonly queueLength: number;
}

/** What a peer says when others ask. */
export class Answers {
  readonly #self: PeerSelf;
  readonly #contacts: Contacts;
  readonly #profile: PeerProfile;
  #excluded: readonly string[] = [];

  constructor(self: PeerSelf, contacts: Contacts, profile: PeerProfile) {
    this.#self = self;
    this.#contacts = contacts;
    this.#profile = profile;
  }

  /** Phrases that no result may contain. */
  hear(message: ServerResponse): void {
    if (message.type === 'ExcludedSearchPhrases')
      this.#excluded = message.phrases.map((phrase) => phrase.toLowerCase());
  }

  /** A search, by whichever way it came. Whoever has nothing says nothing; nobody answers himself. */
  search(asked: Asked): void {
    if (asked.user === this.#self.name) return;
    const result = this.#resultOf(asked);
    if (!result) return;
    const { answersAfterMs } = this.#self.behaviour;
    if (answersAfterMs === 0) this.#deliver(asked.user, result);
    else this.#self.clock.setTimeout(() => this.#deliver(asked.user, result), answersAfterMs);
  }

  /** A message of another peer. */
  peer(wire: PeerWire, message: WireMessage): void {
    switch (message.type) {
      case 'SharedFileListRequest':
        this.#say(wire, this.#shares(), 'browse');
        break;
      case 'FolderContentsRequest':
        this.#say(wire, this.#folder(message), 'folder');
        break;
      case 'UserInfoRequest':
        this.#say(wire, this.#info(), 'info');
        break;
      case 'FileSearchRequest': {
        const result = this.#resultOf({ user: wire.user, ...message });
        if (result) this.#say(wire, result, 'result');
        break;
      }
      default:
        break;
    }
  }

  #deliver(user: string, result: PeerMessage): void {
    this.#contacts.connect(user, 'P').then(
      (wire) => this.#say(wire, result, 'result'),
      // Results that cannot be delivered are lost, as everywhere.
      () => {},
    );
  }

  #resultOf({ token, query }: Asked): PeerMessage | undefined {
    const { open, locked } = this.#self.library.search(query, this.#excluded);
    if (open.length + locked.length === 0) return undefined;
    const { uploadSpeed, queueLength } = this.#profile;
    return {
      type: 'FileSearchResponse',
      username: this.#self.behaviour.claims ?? this.#self.name,
      token,
      results: open,
      slotFree: queueLength === 0,
      avgSpeed: uploadSpeed,
      queueLength,
      unknown: 0,
      ...(locked.length > 0 && { privateResults: locked }),
    };
  }

  #shares(): PeerMessage {
    const { open, locked } = this.#self.library.directories();
    return {
      type: 'SharedFileListResponse',
      directories: open,
      unknown: 0,
      ...(locked.length > 0 && { privateDirectories: locked }),
    };
  }

  /** Of an unknown folder: no folders [Nicotine+, aioslsk]. */
  #folder({ token, folder }: PeerMessageOf<'FolderContentsRequest'>): PeerMessage {
    const found = this.#self.library.directory(folder);
    return { type: 'FolderContentsResponse', token, folder, folders: found ? [found] : [] };
  }

  #info(): PeerMessage {
    const { description, uploadSlots, queueLength } = this.#profile;
    return {
      type: 'UserInfoResponse',
      description,
      hasPicture: false,
      uploadSlots,
      queueSize: queueLength,
      slotsFree: queueLength === 0,
    };
  }

  #say(wire: PeerWire, message: PeerMessage, kind: Spoilable): void {
    const { behaviour, random } = this.#self;
    const plain = encodePeerMessage(message);
    const frame = behaviour.slotsFree === 'u32' && kind === 'info' ? wideSlots(plain) : plain;
    const how = behaviour.spoils[kind];
    wire.send(how ? spoil(frame, how, random, message) : frame);
    if (how === 'half') wire.silence();
  }
}
