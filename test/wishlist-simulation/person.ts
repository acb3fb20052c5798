import type { Platform } from '../../src/platform/platform.ts';
import type { ServerResponse } from '../../src/protocol/index.ts';
import { Library, type LibraryFile, SandboxPeer } from '../../src/sandbox/index.ts';
import type { Life } from './lives.ts';
import type { ModelFile } from './matching.ts';

export interface PersonEvents {
  /** A search of somebody reached this person, who looks through these files for it. */
  searched(person: Person, user: string, query: string): void;
  loggedIn(person: Person): void;
  loggedOut(person: Person): void;
}

/** Somebody's client comes back after so long when the server went away, in milliseconds. */
const RETRY_MS = [5_000, 60_000] as const;
const REMEMBERS = 20;

/** Somebody who lives the life that was planned: logs in, answers searches, changes what is shared, logs out. */
export class Person extends SandboxPeer {
  readonly life: Life;
  files: readonly ModelFile[] = [];
  readonly #platform: Platform;
  readonly #events: PersonEvents;
  #stays = false;
  #loggedIn = false;

  constructor(
    platform: Platform,
    server: { readonly host: string; readonly port: number },
    life: Life,
    events: PersonEvents,
  ) {
    super(platform, life.name, {
      server,
      kind: life.kind,
      behaviour: { answersAfterMs: life.answersAfterMs },
      remembers: REMEMBERS,
    });
    this.life = life;
    this.#platform = platform;
    this.#events = events;
  }

  /** Sets the clock for everything that this person will do. */
  begin(): void {
    const { clock } = this.#platform;
    for (const { at, files } of this.life.versions) clock.setTimeout(() => this.#share(files), at);
    for (const { from, to } of this.life.stays) {
      clock.setTimeout(() => void this.#enter(), from);
      clock.setTimeout(() => void this.#leave(), to);
    }
  }

  protected override onHeard(message: ServerResponse): void {
    if (message.type === 'FileSearch') this.#events.searched(this, message.username, message.query);
    super.onHeard(message);
  }

  protected override onServerGone(): void {
    super.onServerGone();
    this.#out();
    this.#retry();
  }

  async #enter(): Promise<void> {
    this.#stays = true;
    try {
      // Questions to a server that went away are never answered.
      await this.close();
      const { success } = await this.login();
      if (!success) throw new Error('refused');
    } catch {
      if (!this.connected) this.#retry();
      else this.drop();
      return;
    }
    this.#loggedIn = true;
    this.#events.loggedIn(this);
    if (!this.#stays) await this.#leave();
  }

  async #leave(): Promise<void> {
    this.#stays = false;
    await this.close();
  }

  /** `close` by oneself and the end of the connection both lead here. */
  #out(): void {
    if (!this.#loggedIn) return;
    this.#loggedIn = false;
    this.#events.loggedOut(this);
  }

  #retry(): void {
    if (!this.#stays) return;
    const { clock, random } = this.#platform;
    clock.setTimeout(
      () => {
        if (this.#stays && !this.connected) void this.#enter();
      },
      random.int(...RETRY_MS),
    );
  }

  #share(files: readonly ModelFile[]): void {
    this.files = files;
    const folders = new Map<string, { path: string; locked: boolean; files: LibraryFile[] }>();
    for (const file of files) {
      const { folder, name, size, duration, bitrate, locked = false } = file;
      const known = folders.get(folder) ?? { path: folder, locked, files: [] };
      folders.set(folder, known);
      const attributes = [
        ...(bitrate === undefined ? [] : [{ type: 0, value: bitrate }]),
        { type: 1, value: duration },
      ];
      known.files.push({ name, size, attributes });
    }
    this.library = new Library([...folders.values()]);
  }
}
