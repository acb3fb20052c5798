import { tmpdir } from 'node:os';
import { Bot } from '../bot/runtime/bot.ts';
import { FaultyBackend } from '../bot/store/fault-injection.ts';
import { openSqlite } from '../bot/store/sqlite-backend.ts';
import { openStore, type Store } from '../bot/store/store.ts';
import { type MemoryLog, memoryLog } from '../platform/memory-log.ts';
import { nullLog } from '../platform/null-log.ts';
import type { LoadRequest } from '../plugins/host/types.ts';
import type { VirtualSandbox } from '../sandbox/index.ts';
import { KeptBackend } from './kept-backend.ts';
import { type MortalPlatform, mortalPlatform } from './mortal-platform.ts';
import { botConfig, type TestBotOptions } from './options.ts';

/** Where the bot lives; people are in 10.1.x.x. */
const BOT_HOST = '10.0.0.2';

/** A bot that was banned logs in again after half an hour, others much sooner; in milliseconds of virtual time. */
const START_MS = 2 * 3_600_000;

/** One run of the bot. */
export interface BotRun {
  readonly bot: Bot;
  readonly store: Store;
  readonly disk: FaultyBackend;
  readonly mortal: MortalPlatform;
}

/** A bot that is started, stopped and killed, and the store and the log that all its runs share. */
export class BotLife {
  readonly user: string;
  readonly log: MemoryLog = memoryLog();
  readonly #sandbox: VirtualSandbox;
  readonly #options: TestBotOptions;
  #plugins: readonly LoadRequest[];
  readonly #database = new KeptBackend(openSqlite({ path: ':memory:', log: nullLog }));
  #run: BotRun | undefined;

  constructor(
    sandbox: VirtualSandbox,
    user: string,
    options: TestBotOptions,
    plugins: readonly LoadRequest[],
  ) {
    this.#sandbox = sandbox;
    this.user = user;
    this.#options = options;
    this.#plugins = plugins;
  }

  /** Those with which it runs, or would be started; the first is the one under test. */
  get plugins(): readonly LoadRequest[] {
    return this.#plugins;
  }

  /** @throws Error when the bot is not running. */
  get run(): BotRun {
    if (this.#run === undefined) throw new Error('The bot is not running');
    return this.#run;
  }

  /** Nothing runs or waits in the bot, and no line waits for the governor. */
  get idle(): boolean {
    const run = this.#run;
    // A bot that died at a write will not get anything done.
    return (
      run === undefined || run.disk.crashed || (run.bot.active === 0 && run.bot.client.lines.waiting === 0)
    );
  }

  /** Whether searches of the whole network reach the bot. */
  get fed(): boolean {
    const { role } = this.run.bot.client.tree.snapshot();
    return role === 'root' || role === 'child';
  }

  /** Resolves when the bot is in its rooms. */
  async start(): Promise<void> {
    if (this.#run !== undefined) throw new Error('The bot is running');
    const { world, server } = this.#sandbox;
    const machine = world.net.host(BOT_HOST);
    const mortal = mortalPlatform({ ...world.host(BOT_HOST), log: this.log }, () => machine.crash());
    const { platform } = mortal;
    const { clock, log } = platform;
    const disk = new FaultyBackend(this.#database);
    const config = botConfig(
      this.#options,
      this.user,
      server.address,
      this.#plugins.map(({ id }) => id),
    );
    const caseKeepMs = config.moderation.keepMs;
    const store = await this.#sandbox.run(openStore({ backend: disk, clock, log, caseKeepMs }));
    const bot = new Bot({
      config,
      plugins: this.#plugins,
      baseDir: tmpdir(),
      platform,
      store,
      reread: () => ({ ok: true, config, plugins: this.#plugins }),
    });
    this.#run = { bot, store, disk, mortal };
    await this.#sandbox.run(bot.start());
    await this.#sandbox.run(bot.ready, START_MS);
  }

  /** Reloads the first plugin. @throws Error (as rejection) why it was not taken; the old one goes on. */
  async reload(plugins: readonly LoadRequest[]): Promise<void> {
    const before = this.#plugins;
    const [{ id } = { id: '' }] = plugins;
    this.#plugins = plugins;
    const { failed, problems } = await this.#sandbox.run(this.run.bot.reload({ only: id }));
    const why = [...problems, ...failed.map(({ reason }) => reason)];
    if (why.length === 0) return;
    this.#plugins = before;
    throw new Error(why.join('\n'));
  }

  /** Ends it in an orderly way. */
  async stop(): Promise<void> {
    const { bot, store } = this.run;
    await this.#sandbox.run(bot.stop());
    await this.#sandbox.run(store.close());
    this.#run = undefined;
  }

  /** Ends it as `kill -9` does. */
  async kill(): Promise<void> {
    const { mortal, disk } = this.run;
    mortal.kill();
    await disk.revive();
    this.#run = undefined;
  }

  async query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return (await this.#database.query(sql, [])).rows;
  }

  /** For good. */
  async end(): Promise<void> {
    if (this.#run !== undefined) await this.kill();
    await this.#database.end();
  }
}
