import type { Bot } from '../bot/runtime/bot.ts';
import type { JobsReport } from '../bot/scheduler/jobs-report.ts';
import type { DecisionQuery } from '../bot/store/decisions.ts';
import type { FaultyBackend } from '../bot/store/fault-injection.ts';
import type { RecordedDecision } from '../bot/why/decision-log.ts';
import type { MemoryLogLine } from '../platform/memory-log.ts';
import type { VirtualHttp } from '../platform/virtual/virtual-http.ts';
import type { VirtualSandbox } from '../sandbox/index.ts';
import type { BotLife } from './bot-life.ts';
import { Overheard, type SentLine } from './overheard.ts';
import { TestStore } from './test-store.ts';

/** So many are kept in all. */
const MAX_DECISIONS = 20_000;

/** What can be seen of a bot under test. */
export class TestView {
  readonly sandbox: VirtualSandbox;
  readonly #life: BotLife;
  readonly #overheard: Overheard;
  #verbBegan = 0;

  constructor(sandbox: VirtualSandbox, life: BotLife) {
    this.sandbox = sandbox;
    this.#life = life;
    this.#overheard = new Overheard(sandbox.server, life.user);
  }

  /** The bot's name. */
  get user(): string {
    return this.#life.user;
  }

  /** The running bot. */
  get bot(): Bot {
    return this.#life.run.bot;
  }

  /** Now, by the virtual clock, milliseconds since the epoch. */
  get now(): number {
    return this.sandbox.clock.now();
  }

  /** The key-values of the plugin under test. */
  get store(): TestStore {
    return new TestStore(this.#life.run.store.kv, this.#life.plugins[0]!.id);
  }

  /** The key-values of any plugin, by its id. */
  storeOf(id: string): TestStore {
    return new TestStore(this.#life.run.store.kv, id);
  }

  /** The bot's disk: let its writes fail, or the bot die at one of them (then call {@link kill} and {@link start}). */
  get disk(): FaultyBackend {
    return this.#life.run.disk;
  }

  /** The web as plugins see it: `t.web.on('https://example.org/', { body: '…' })`. What nobody answers for fails. */
  get web(): VirtualHttp {
    return this.sandbox.world.http;
  }

  /** Looks into the store with SQL, also while the bot is not running. */
  async database(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.#life.query(sql);
  }

  /** Everything that the bot said, in rooms and in private, in order. */
  sent(): readonly SentLine[] {
    return this.#overheard.all;
  }

  /** What the bot said in a room. */
  text(room: string): readonly string[] {
    return this.#overheard.all.flatMap((line) =>
      line.kind === 'room' && line.to === room ? [line.text] : [],
    );
  }

  /** What the bot wrote to somebody in private. */
  private(user: string): readonly string[] {
    return this.#overheard.all.flatMap((line) =>
      line.kind === 'private' && line.to === user ? [line.text] : [],
    );
  }

  /** What the bot did not do so far, and why, in the order in which it was decided. */
  async why(about: Omit<DecisionQuery, 'limit'> = {}): Promise<readonly RecordedDecision[]> {
    const found = await this.sandbox.run(this.bot.decisions({ ...about, limit: MAX_DECISIONS }));
    return found.toReversed();
  }

  /** What runs by the clock: jobs and timers, what they did last, and what was given up. */
  async jobs(): Promise<JobsReport> {
    const answer = await this.sandbox.run(this.bot.jobs({ act: 'list' }));
    if ('report' in answer) return answer.report;
    throw new Error(answer.text);
  }

  /** The bot's log so far, over all its runs. */
  logs(): readonly MemoryLogLine[] {
    return this.#life.log.lines;
  }

  /** @throws Error when the bot said anything during the last verb. */
  expectQuiet(): void {
    const said = this.#overheard.all.slice(this.#verbBegan);
    if (said.length === 0) return;
    throw new Error(`The bot said: ${said.map(({ to, text }) => `[${to}] ${text}`).join(' | ')}`);
  }

  /** A verb begins; see {@link expectQuiet}. */
  protected begin(): void {
    this.#verbBegan = this.#overheard.all.length;
  }
}
