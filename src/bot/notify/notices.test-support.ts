import { toParts } from '../../network/lines/parts.ts';
import { memoryLog } from '../../platform/memory-log.ts';
import { SeededRandom } from '../../platform/virtual/seeded-random.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { VirtualHttp } from '../../platform/virtual/virtual-http.ts';
import { VirtualMail } from '../../platform/virtual/virtual-mail.ts';
import type { LineReceipt } from '../../plugins/api/lines.ts';
import { loadConfig } from '../config/load-config.ts';
import { FaultyBackend } from '../store/fault-injection.ts';
import { openSqlite } from '../store/sqlite-backend.ts';
import { openStore, type Store } from '../store/store.ts';
import type { ChannelConfig } from './channel-config.ts';
import type { ChatPort } from './channels/chat.ts';
import { Notices } from './notices.ts';

/** Channels as they stand in config.yaml, under `channels:`. */
export function channelsOf(yaml: string, rooms: readonly string[] = ['indie']): readonly ChannelConfig[] {
  const indented = yaml
    .trimEnd()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  const text = `bot: { user: roomkeeper, password: { env: SECRET } }\nrooms: [${rooms.join(', ')}]\nnotify:\n  channels:\n${indented}\n`;
  const loaded = loadConfig({
    path: '/x/config.yaml',
    text,
    env: { SECRET: 'very secret', HOOK: 'https://hooks.example/T0P/s3cr3t-path' },
    files: { read: () => 'from a file\n', mode: () => 0o600 },
  });
  if (!loaded.ok)
    throw new Error(loaded.diagnostics.map(({ path, message }) => `${path}: ${message}`).join('\n'));
  return loaded.config.notify.channels;
}

export interface WorldOptions {
  /** Under `channels:`. */
  readonly channels?: string;
  readonly startAt?: number;
  readonly seed?: number;
}

/** A store, a network and people, which outlive the process that tells. */
export class World {
  readonly clock: VirtualClock;
  readonly http: VirtualHttp;
  readonly mail: VirtualMail;
  readonly log = memoryLog();
  readonly owners: string[] = [];
  readonly decisions: string[] = [];
  online = true;
  joined = true;
  /** Lines are turned away for this reason. */
  turnedAway: string | undefined;
  backend!: FaultyBackend;
  store!: Store;
  notices!: Notices;
  readonly #channels: readonly ChannelConfig[];
  readonly #random: SeededRandom;
  #life = 0;

  private constructor(options: WorldOptions) {
    this.clock = new VirtualClock(options.startAt === undefined ? {} : { startAt: options.startAt });
    this.http = new VirtualHttp(this.clock);
    this.mail = new VirtualMail(this.clock);
    this.#random = new SeededRandom(options.seed ?? 1);
    this.#channels = channelsOf(options.channels ?? 'none: { kind: pm, user: nobody }');
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const world = new World(options);
    world.backend = new FaultyBackend(openSqlite({ path: ':memory:', log: world.log }));
    await world.live();
    return world;
  }

  /** A new process on what the last one left. */
  async live(): Promise<void> {
    const life = ++this.#life;
    // Whatever it still wants to write goes nowhere: its database has crashed.
    if (life > 1) void this.notices.stop();
    const { clock, http, mail, log, backend } = this;
    this.store = await openStore({ backend, clock, log });
    const { store } = this;
    const chat: ChatPort = {
      say: (origin, place, text, options) =>
        life === this.#life ? this.#say(store, origin, place, text, options.ttlMs) : new Promise(() => {}),
      canSay: (room) => {
        if (!this.online) return 'the bot is not online';
        return room === undefined || this.joined || `the bot is not in ${room}`;
      },
      now: () => clock.now(),
    };
    this.notices = new Notices({
      channels: this.#channels,
      timezone: 'UTC',
      clock,
      random: this.#random,
      log,
      http,
      mail,
      chat,
      notices: store.notices,
      dead: store.deadNotices,
      note: ({ what, reason }) => {
        this.decisions.push(`${what}: ${reason}`);
        return 'd';
      },
      tellOwners: (subject, text) => this.owners.push(`${subject}: ${text}`),
    });
    await this.notices.start();
  }

  /** The process ends as it is, and another begins. */
  async crash(): Promise<void> {
    this.backend = await this.backend.revive();
    await this.live();
  }

  /** Everything that is due at once happens. */
  async settle(): Promise<void> {
    await this.clock.advance(1);
  }

  /** What was asked for over HTTP, the bodies read. */
  posted(): readonly {
    readonly url: string;
    readonly body: Record<string, unknown>;
    readonly headers: Record<string, string>;
  }[] {
    return this.http.requests.map(({ request }) => ({
      url: request.url,
      body: JSON.parse(String(request.body)) as Record<string, unknown>,
      headers: { ...request.headers },
    }));
  }

  /** As the queue of lines does it: a row for each line, one after the other. */
  async #say(
    store: Store,
    origin: string,
    { kind, to }: { readonly kind: 'room' | 'private'; readonly to: string },
    text: string,
    ttlMs = 60_000,
  ): Promise<LineReceipt> {
    const id = Buffer.from(this.#random.bytes(9)).toString('hex');
    if (this.turnedAway !== undefined) return { id, state: 'dropped', detail: this.turnedAway };
    const now = this.clock.now();
    const parts = toParts(text, 500);
    for (const [index, part] of parts.entries()) {
      const priority = 'ordinary';
      const name = parts.length === 1 ? id : `${id}.${index + 1}`;
      const line = {
        id: name,
        kind,
        to,
        text: part,
        priority,
        queuedAt: now,
        expiresAt: now + ttlMs,
        origin,
      } as const;
      // Whether it got there is what the next process finds.
      await store.outbox.append(line);
    }
    return { id, state: 'queued' };
  }

  /** The lines of the outbox. */
  async lines(): Promise<readonly string[]> {
    const rows = await this.backend.query('select target, body from outbox order by seq', []);
    return rows.rows.map((row) => `${String(row['target'])}: ${String(row['body'])}`);
  }
}
