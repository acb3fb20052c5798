import type { Bot } from '../bot/runtime/bot.ts';
import type { FaultyBackend } from '../bot/store/fault-injection.ts';
import type { MemoryLogLine } from '../platform/memory-log.ts';
import { type DurationInput, parseDuration } from '../plugins/api/duration.ts';
import type { LoadRequest } from '../plugins/host/types.ts';
import { type SandboxPeer, type VirtualSandbox, virtualSandbox } from '../sandbox/index.ts';
import { answersOf, ask, type TestSearchScope } from './ask.ts';
import { BotLife } from './bot-life.ts';
import { type PluginUnderTest, pluginsOf, roomSeeds, roomsOf, type TestBotOptions } from './options.ts';
import { Overheard, type SentLine } from './overheard.ts';
import { libraryOf, type SharedFile } from './shared-files.ts';
import { TestStore } from './test-store.ts';

/** Bytes that travel to and fro through the server, in milliseconds of virtual time. */
const ROUND_TRIP_MS = 10;

/** A verb waits at most so long for the bot to be done, in milliseconds of virtual time. */
const PATIENCE_MS = 120_000;

/** Who just logged in hears searches of the whole network after this time, in milliseconds of virtual time. */
const TREE_MS = 1500;

/** Time for the bot to hear of a search and to answer it, in milliseconds of virtual time. */
const ANSWER_MS = 2000;

/** A plugin in a whole bot, in a whole network, in virtual time. Nothing in it waits for a real clock. */
export class TestBot {
  readonly sandbox: VirtualSandbox;
  readonly #options: TestBotOptions;
  readonly #plugins: readonly LoadRequest[];
  readonly #life: BotLife;
  readonly #overheard: Overheard;
  #verbBegan = 0;
  #disposed = false;

  private constructor(
    sandbox: VirtualSandbox,
    plugin: PluginUnderTest,
    options: TestBotOptions,
    user: string,
  ) {
    this.sandbox = sandbox;
    this.#options = options;
    this.#plugins = pluginsOf(plugin, options);
    this.#life = new BotLife(sandbox, user, options, this.#plugins);
    this.#overheard = new Overheard(sandbox.server, user);
  }

  static async create(plugin: PluginUnderTest, options: TestBotOptions = {}): Promise<TestBot> {
    const { at, mode = 'inproc', seed = 1, server } = options;
    // Whoever asks for another runtime must not believe that it was tested there.
    if (mode !== 'inproc') throw new RangeError(`There is no mode ${JSON.stringify(mode)}, only "inproc"`);
    const user = options.user ?? 'seekeeper';
    const sandbox = await virtualSandbox({
      seed,
      ...(at === undefined ? {} : { startAt: timeOf(at) }),
      server: { ...server, rooms: roomSeeds(options, user) },
    });
    const test = new TestBot(sandbox, plugin, options, user);
    try {
      await test.start();
    } catch (error) {
      await test.dispose();
      throw error;
    }
    return test;
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
    return new TestStore(this.#life.run.store.kv, this.#plugins[0]!.id);
  }

  /** The bot's disk: let its writes fail, or the bot die at one of them (then call {@link kill} and {@link start}). */
  get disk(): FaultyBackend {
    return this.#life.run.disk;
  }

  /** Looks into the store with SQL, also while the bot is not running. */
  async database(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return this.#life.query(sql);
  }

  /** Somebody says something in a room; whoever is not inside enters first. Resolves when the bot has dealt with it. */
  async say(user: string, room: string, text: string): Promise<void> {
    await this.#verb(async () => (await this.#inside(user, room)).say(room, text));
  }

  /** Somebody writes to the bot in private. */
  async pm(user: string, text: string): Promise<void> {
    await this.#verb(async () => (await this.#online(user)).pm(this.user, text));
  }

  async join(user: string, room: string): Promise<void> {
    await this.#verb(async () => {
      await this.#inside(user, room);
    });
  }

  async leave(user: string, room: string): Promise<void> {
    await this.#verb(async () => (await this.#inside(user, room)).leave(room));
  }

  /** Somebody puts a line on the room's wall; empty takes it away. */
  async ticker(user: string, room: string, text: string): Promise<void> {
    await this.#verb(async () => (await this.#inside(user, room)).setTicker(room, text));
  }

  /** Somebody becomes away, comes back, or logs out. */
  async status(user: string, status: 'online' | 'away' | 'offline'): Promise<void> {
    await this.#verb(async () => {
      const person = await this.#online(user);
      if (status === 'offline') person.logout();
      else person.away(status === 'away');
    });
  }

  /** Somebody of the sandbox, logged in, for what the verbs do not cover. Call {@link settle} afterwards. */
  async person(user: string): Promise<SandboxPeer> {
    return this.#online(user);
  }

  /**
   * Somebody shares these files from now on instead of earlier ones, and answers searches. Resolves when searches of the
   * whole network reach that user.
   */
  async share(user: string, files: readonly (string | SharedFile)[]): Promise<void> {
    await this.#verb(async () => {
      const peer = await this.#online(user);
      peer.library = libraryOf(files);
      await this.sandbox.world.clock.advance(TREE_MS);
    });
  }

  /**
   * Somebody searches. Resolves when the bot has heard of it and had two seconds to do something about it.
   * @returns what the bot answered: the paths.
   */
  async search(user: string, query: string, scope: TestSearchScope = 'network'): Promise<readonly string[]> {
    const { clock, random } = this.sandbox.world;
    const token = random.u32();
    const peer = await this.#online(user);
    await this.#verb(async () => {
      // Until then nothing from the whole network reaches the bot.
      const until = clock.now() + PATIENCE_MS;
      while (scope === 'network' && !this.#life.fed && clock.now() < until) await clock.advance(TREE_MS);
      if (typeof scope === 'object') await this.#inside(user, scope.room);
      ask(peer, this.user, token, query, scope);
      await clock.advance(ANSWER_MS);
    });
    return answersOf(peer, this.user, token);
  }

  /** Runs a plugin's command with `in: 'cli'`. @returns everything that it said. */
  async console(text: string): Promise<readonly string[]> {
    const lines: string[] = [];
    await this.#verb(async () => {
      const result = await this.sandbox.run(this.bot.runConsole(text, (more) => lines.push(...more)));
      lines.push(...result.lines);
    });
    return lines;
  }

  /** Lets time pass. */
  async advance(duration: DurationInput): Promise<void> {
    await this.#verb(() => this.sandbox.world.clock.advance(ms(duration)));
  }

  /** The bot is stopped, or with `kill` ends without warning; after the time it is started again on the same store. */
  async downtime(duration: DurationInput, how: 'stop' | 'kill' = 'stop'): Promise<void> {
    if (how === 'kill') await this.kill();
    else await this.stop();
    await this.sandbox.world.clock.advance(ms(duration));
    await this.start();
  }

  /** The connection to the server breaks. The bot comes back by itself when time passes. */
  async disconnect(): Promise<void> {
    await this.#verb(async () => this.sandbox.server.drop(this.user));
  }

  /** The server throws the bot out and bans it. */
  async ban(minutes = 30): Promise<void> {
    await this.#verb(async () => this.sandbox.server.ban(this.user, minutes));
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

  /** @throws Error when the bot said anything during the last verb. */
  expectQuiet(): void {
    const said = this.#overheard.all.slice(this.#verbBegan);
    if (said.length === 0) return;
    throw new Error(`The bot said: ${said.map(({ to, text }) => `[${to}] ${text}`).join(' | ')}`);
  }

  /** The bot's log so far, over all its runs. */
  logs(): readonly MemoryLogLine[] {
    return this.#life.log.lines;
  }

  /** Starts the bot after {@link stop} or {@link kill}; resolves when it is in its rooms. */
  async start(): Promise<void> {
    await this.#verb(() => this.#life.start());
  }

  /** Stops the bot in an orderly way. */
  async stop(): Promise<void> {
    await this.#verb(() => this.#life.stop());
  }

  /** Ends the bot as `kill -9` does: what is not in the store is lost. */
  async kill(): Promise<void> {
    await this.#verb(() => this.#life.kill());
  }

  /**
   * Lets as little time pass as the bot needs: until nothing is on its way, nothing runs or waits in it and no line
   * waits for the governor, but two minutes at most. Every verb ends with it.
   */
  async settle(): Promise<void> {
    const { clock } = this.sandbox.world;
    const until = clock.now() + PATIENCE_MS;
    await clock.advance(ROUND_TRIP_MS);
    while (!this.#life.idle && clock.now() < until) {
      const next = clock.nextDue;
      if (next === undefined || next > until) return;
      await clock.advanceTo(Math.max(next, clock.now()));
      // What was just sent comes back from the server, and may be answered.
      if (this.#life.idle) await clock.advance(ROUND_TRIP_MS);
    }
  }

  /** Ends everything. A second call does nothing. */
  async dispose(): Promise<void> {
    if (this.#disposed) return;
    this.#disposed = true;
    await this.#life.end();
    await this.sandbox.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  async #verb(act: () => Promise<void>): Promise<void> {
    this.#verbBegan = this.#overheard.all.length;
    await act();
    await this.settle();
  }

  async #online(user: string): Promise<SandboxPeer> {
    if (user === this.user) throw new Error(`${user} is the bot`);
    const person = this.sandbox.peer(user, { kind: 'member' });
    if (!person.connected) await this.sandbox.run(person.login());
    return person;
  }

  async #inside(user: string, room: string): Promise<SandboxPeer> {
    if (!roomsOf(this.#options).some(({ name }) => name === room)) {
      throw new Error(`The bot does not know the room ${room}: add it to the rooms of testBot`);
    }
    const person = await this.#online(user);
    const isInside = () => this.sandbox.server.world.room(room)?.users.includes(user) === true;
    if (isInside()) return person;
    await this.sandbox.run(person.join(room));
    // The bot hears of it before anything else happens.
    await this.settle();
    return person;
  }
}

/**
 * Puts a plugin into a bot that is logged in to a sandbox and sits in its rooms.
 *
 * @example
 * const t = await testBot(greeter, { config: { rooms: ['indie'] } });
 * await t.join('al', 'indie');
 * expect(t.text('indie')).toEqual(['Welcome al!']);
 */
export function testBot(plugin: PluginUnderTest, options?: TestBotOptions): Promise<TestBot>;
/** The same, with the file that the plugin came from: the bot loads that, as it would in earnest. */
export function testBot(
  plugin: PluginUnderTest,
  file: URL | string,
  options?: TestBotOptions,
): Promise<TestBot>;
export async function testBot(
  plugin: PluginUnderTest,
  fileOrOptions: URL | string | TestBotOptions = {},
  options: TestBotOptions = {},
): Promise<TestBot> {
  const fromFile = typeof fileOrOptions === 'string' || fileOrOptions instanceof URL;
  return fromFile ? TestBot.create(fileOrOptions, options) : TestBot.create(plugin, fileOrOptions);
}

function timeOf(at: string | number): number {
  const time = typeof at === 'number' ? at : Date.parse(at);
  if (Number.isNaN(time))
    throw new RangeError(`${JSON.stringify(at)} is not a time: say "2026-01-01T00:00:00Z"`);
  return time;
}

function ms(duration: DurationInput): number {
  const parsed = typeof duration === 'number' ? duration : parseDuration(duration);
  if (parsed === undefined)
    throw new RangeError(`${JSON.stringify(duration)} is not a duration: say "5m" or "1h30m"`);
  return parsed;
}
