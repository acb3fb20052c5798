import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import { PluginError } from '../../plugins/api/errors.ts';
import type { Channel, NoticeReceipt, NotifyTarget } from '../../plugins/api/notify.ts';
import { nearestKey } from '../../plugins/api/schema/nearest-key.ts';
import type { NoticesService } from '../../plugins/host/services.ts';
import type { WireNotice } from '../../plugins/host/wire.ts';
import type { DeadNotices } from '../store/dead-notices.ts';
import type { NewNotice, StoredNotice } from '../store/notice-rows.ts';
import type { NoteDecision } from '../why/decision.ts';
import type { ChannelConfig } from './channel-config.ts';
import { Lane } from './lane.ts';
import { MAX_LINES } from './max-lines.ts';
import { type ChannelPorts, chatSender, openChannel } from './open-channel.ts';
import { type Outcome, parcelOf } from './parcel.ts';
import { nextDigest } from './quiet-hours.ts';
import { memoryOf, placeOf, targetName } from './target.ts';
import { oneLine } from './text/clean.ts';

export interface NoticesOptions extends ChannelPorts {
  readonly channels: readonly ChannelConfig[];
  /** Of people and rooms that are no channel: an IANA name. */
  readonly timezone: string;
  readonly dead: DeadNotices;
  readonly random: Random;
  readonly log: Log;
  readonly note: NoteDecision;
  /** Tells the owners. */
  readonly tellOwners: (subject: string, text: string) => void;
}

/** Notices that may wait, in all and at one target. */
const LIMITS = { total: 10_000, target: 2_000 } as const;
/** How long a notice is worth telling unless it says otherwise, in milliseconds. */
const TTL_MS = 3 * 86_400_000;
/** Lines to people and rooms are queued within, in milliseconds. */
const CHAT_TIMEOUT_MS = 30_000;

/** What it is told when nothing is configured for it. */
const PLAIN = { digest: 'none', digestAt: 8 * 60 } as const;

/** Tells people what plugins want told: everything is in the store before `tell` resolves, and leaves in lanes. */
export class Notices implements NoticesService {
  readonly #options: NoticesOptions;
  readonly #channels: ReadonlyMap<string, ChannelConfig>;
  readonly #lanes = new Map<string, Lane>();
  #started = false;
  #stopped = false;

  constructor(options: NoticesOptions) {
    this.#options = options;
    this.#channels = new Map(options.channels.map((channel) => [channel.name, channel]));
  }

  /** Attempts under way. */
  get active(): number {
    return [...this.#lanes.values()].reduce((sum, lane) => sum + lane.active, 0);
  }

  /** Takes up what waits from an earlier run. @throws StoreError (as rejection). */
  async start(): Promise<void> {
    const { notices, dead, log } = this.#options;
    this.#started = true;
    for (const target of await notices.targets()) {
      if (this.#channels.has(target) || placeOf(target) !== undefined) this.#wake(target);
      else {
        const count = await dead.giveUp(target, 'there is no such channel in the config any more');
        log.warn('Notices wait for a channel that there is not; they were given up', {
          channel: target,
          count,
        });
      }
    }
  }

  /** People or rooms can be reached again. */
  wakeChat(): void {
    for (const [target, lane] of this.#lanes) {
      const kind = this.#channels.get(target)?.kind;
      if (kind === undefined || kind === 'pm' || kind === 'room') lane.wake();
    }
  }

  /** Ends what is under way; what was not told waits in the store. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#lanes.values()].map((lane) => lane.stop()));
  }

  async tell(
    instance: string,
    targets: readonly NotifyTarget[],
    notice: WireNotice,
  ): Promise<readonly NoticeReceipt[]> {
    const names = [...new Set(targets.map(targetName))];
    for (const name of names) this.#assertKnown(name);
    const made = names.map((target) => this.#make(instance, target, notice));
    const added = await this.#options.notices.add(made, LIMITS);
    if (added.every((state) => state === 'full'))
      throw new PluginError('too-many', `bot.notify: too many notices wait for ${names.join(', ')}`);
    return made.map(({ target, id }, index): NoticeReceipt => {
      const state = added[index]!;
      if (state !== 'queued') return { target, state };
      this.#wake(target);
      return { target, state, id };
    });
  }

  async channels(): Promise<readonly Channel[]> {
    const { dead } = this.#options;
    const counts = new Map((await dead.counts()).map((count) => [count.target, count]));
    const found: Channel[] = [];
    for (const { name, kind, digest, broken } of this.#channels.values()) {
      const { waiting = 0, dead: given = 0 } = counts.get(name) ?? {};
      const problem = broken ?? (await dead.trouble(name))?.problem ?? this.#lanes.get(name)?.hindrance;
      found.push({ name, kind, digest, waiting, dead: given, ...(problem !== undefined && { problem }) });
    }
    return found;
  }

  /** Has notices that were given up tried again. @param parcel undefined: all. @returns whether there were any. */
  async retry(parcel: string | undefined): Promise<boolean> {
    const { dead, clock } = this.#options;
    const targets = await dead.retry(parcel, clock.now() + TTL_MS);
    for (const target of targets) {
      if (!this.#channels.has(target) && placeOf(target) === undefined)
        await dead.giveUp(target, 'there is no such channel in the config any more');
      else this.#lane(target).retryNow();
    }
    return targets.length > 0;
  }

  /** Sends one notice through a channel at once. Undefined: there is no such channel. */
  async test(channel: string): Promise<Outcome | undefined> {
    if (!this.#channels.has(channel)) return undefined;
    const { clock } = this.#options;
    const text = `This is a test of the channel ${channel}, sent at ${new Date(clock.now()).toISOString()}.`;
    const made = this.#make('core', channel, { title: 'Seekeeper: a test', lines: [text], ttlMs: 3_600_000 });
    const notice: StoredNotice = { ...made, seq: 0, attempts: 0, part: 0, changedAt: clock.now() };
    return this.#lane(channel).test(parcelOf([notice]));
  }

  #make(instance: string, target: string, notice: WireNotice): NewNotice {
    const { clock, random } = this.#options;
    const { digestAt, timezone, ...channel } = this.#look(target);
    const { title, lines = [], key, urgent = false, ttlMs = TTL_MS, link, data } = notice;
    const { digest = channel.digest, group = instance } = notice;
    const now = clock.now();
    const text = JSON.stringify([oneLine(title), lines.map(oneLine), link ?? '']);
    return {
      id: Buffer.from(random.bytes(9)).toString('hex'),
      target,
      instance,
      group,
      digest: urgent ? 'none' : digest,
      urgent,
      madeAt: now,
      ...(digest !== 'none' && !urgent && { dueAt: nextDigest(digest, digestAt, timezone, now) }),
      expiresAt: now + ttlMs,
      title,
      lines,
      ...(link !== undefined && { link }),
      ...(data !== undefined && { data }),
      ...(key !== undefined && { keyHash: memoryOf('key', instance, key) }),
      // Whoever tells it: the room has heard it.
      ...(this.#isRoom(target) && { textHash: memoryOf('text', '', text) }),
    };
  }

  #look(target: string): Pick<ChannelConfig, 'digest' | 'digestAt' | 'timezone'> {
    return this.#channels.get(target) ?? { ...PLAIN, timezone: this.#options.timezone };
  }

  #isRoom(target: string): boolean {
    const channel = this.#channels.get(target);
    return channel === undefined ? placeOf(target)?.kind === 'room' : channel.kind === 'room';
  }

  #assertKnown(name: string): void {
    if (placeOf(name) !== undefined || this.#channels.has(name)) return;
    const known = [...this.#channels.keys()];
    const nearest = nearestKey(name, known);
    const hint =
      nearest !== undefined
        ? `; did you mean "${nearest}"?`
        : ` in the config${known.length === 0 ? '' : ` (there are: ${known.join(', ')})`}`;
    throw new PluginError('invalid', `bot.notify: there is no channel "${name}"${hint}`);
  }

  #wake(target: string): void {
    if (this.#started && !this.#stopped) this.#lane(target).wake();
  }

  #lane(target: string): Lane {
    const known = this.#lanes.get(target);
    if (known !== undefined) return known;
    const { clock, log, notices, dead, note, tellOwners, timezone } = this.#options;
    const channel = this.#channels.get(target);
    const place = placeOf(target);
    const plain = { name: target, maxLines: MAX_LINES[place?.kind === 'room' ? 'room' : 'pm'], timezone };
    const lane = new Lane({
      target,
      sender:
        channel === undefined
          ? chatSender(place!, plain, this.#options)
          : openChannel(channel, this.#options),
      timing: channel ?? { timezone },
      timeoutMs: channel?.timeoutMs ?? CHAT_TIMEOUT_MS,
      clock,
      log,
      notices,
      dead,
      // People come and go; channels stay.
      idle: () => {
        if (channel === undefined) this.#lanes.delete(target);
      },
      expired: (notice) =>
        void note({
          source: 'notify',
          what: `tell ${target}`,
          reason: 'it waited until it was not worth telling any more',
          plugin: notice.instance,
        }),
      complain: (problem) =>
        tellOwners(
          `notify ${target}`,
          `Notices to ${target} were given up: ${problem}. \`seekeeper notices\` shows them.`,
        ),
    });
    this.#lanes.set(target, lane);
    return lane;
  }
}
