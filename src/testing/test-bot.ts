import type { DurationInput } from '../plugins/api/duration.ts';
import {
  playRecording,
  type Recording,
  roomsIn,
  type SandboxPeer,
  type VirtualSandbox,
  virtualSandbox,
} from '../sandbox/index.ts';
import { answersOf, ask, type TestSearchScope } from './ask.ts';
import { BotLife } from './bot-life.ts';
import {
  type PluginUnderTest,
  pluginsOf,
  type ReloadChanges,
  reloadedPlugins,
  roomSeeds,
  roomsOf,
  type TestBotOptions,
} from './options.ts';
import { recordingOf } from './recordings.ts';
import { PATIENCE_MS, Scene } from './scene.ts';
import { libraryOf, type SharedFile } from './shared-files.ts';
import { TestView } from './test-view.ts';
import { ms, timeOf } from './times.ts';

/** Who just logged in hears searches of the whole network after this time, in milliseconds of virtual time. */
const TREE_MS = 1500;

/** Time for the bot to hear of a search and to answer it, in milliseconds of virtual time. */
const ANSWER_MS = 2000;

/** A plugin in a whole bot, in a whole network, in virtual time. Nothing in it waits for a real clock. */
export class TestBot extends TestView {
  readonly #options: TestBotOptions;
  readonly #life: BotLife;
  readonly #scene: Scene;
  #disposed = false;

  private constructor(sandbox: VirtualSandbox, life: BotLife, options: TestBotOptions) {
    super(sandbox, life);
    this.#options = options;
    this.#life = life;
    const rooms = roomsOf(options).map(({ name }) => name);
    this.#scene = new Scene(sandbox, life, rooms);
  }

  static async create(plugin: PluginUnderTest, options: TestBotOptions = {}): Promise<TestBot> {
    const { at, seed = 1, server } = options;
    // Before anything runs: what is wrong with the options is told here.
    const plugins = pluginsOf(plugin, options);
    const user = options.user ?? 'seekeeper';
    const sandbox = await virtualSandbox({
      seed,
      ...(at === undefined ? {} : { startAt: timeOf(at) }),
      server: { ...server, rooms: roomSeeds(options, user) },
    });
    const test = new TestBot(sandbox, new BotLife(sandbox, user, options, plugins), options);
    try {
      await test.start();
    } catch (error) {
      await test.dispose();
      throw error;
    }
    return test;
  }

  /** Somebody says something in a room; whoever is not inside enters first. Resolves when the bot has dealt with it. */
  async say(user: string, room: string, text: string): Promise<void> {
    await this.#verb(async () => (await this.#scene.inside(user, room)).say(room, text));
  }

  /** Somebody writes to the bot in private. */
  async pm(user: string, text: string): Promise<void> {
    await this.#verb(async () => (await this.#scene.online(user)).pm(this.user, text));
  }

  async join(user: string, room: string): Promise<void> {
    await this.#verb(async () => {
      await this.#scene.inside(user, room);
    });
  }

  async leave(user: string, room: string): Promise<void> {
    await this.#verb(async () => (await this.#scene.inside(user, room)).leave(room));
  }

  /** Somebody puts a line on the room's wall; empty takes it away. */
  async ticker(user: string, room: string, text: string): Promise<void> {
    await this.#verb(async () => (await this.#scene.inside(user, room)).setTicker(room, text));
  }

  /** Somebody becomes away, comes back, or logs out. */
  async status(user: string, status: 'online' | 'away' | 'offline'): Promise<void> {
    await this.#verb(async () => {
      const person = await this.#scene.online(user);
      if (status === 'offline') person.logout();
      else person.away(status === 'away');
    });
  }

  /** Somebody of the sandbox, logged in, for what the verbs do not cover. Call {@link settle} afterwards. */
  async person(user: string): Promise<SandboxPeer> {
    return this.#scene.online(user);
  }

  /**
   * Somebody shares these files from now on instead of earlier ones, and answers searches. Resolves when searches of the
   * whole network reach that user.
   */
  async share(user: string, files: readonly (string | SharedFile)[]): Promise<void> {
    await this.#verb(async () => {
      const peer = await this.#scene.online(user);
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
    const peer = await this.#scene.online(user);
    await this.#verb(async () => {
      // Until then nothing from the whole network reaches the bot.
      const until = clock.now() + PATIENCE_MS;
      while (scope === 'network' && !this.#life.fed && clock.now() < until) await clock.advance(TREE_MS);
      if (typeof scope === 'object') await this.#scene.inside(user, scope.room);
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

  /**
   * Loads the plugin again while it serves, with these settings instead of earlier ones; another `plugin` is its new version.
   * @throws Error (as rejection) why the new version was not taken; the old one goes on then.
   */
  async reload(changes: ReloadChanges = {}): Promise<void> {
    await this.#verb(() => this.#life.reload(reloadedPlugins(this.#life.plugins, this.#options, changes)));
  }

  /**
   * Plays a recording of `seekeeper record` with its pauses: its text, its file's URL, or what was parsed. Names in it are
   * pseudonyms (`user1`, `room2`); the test has to know its rooms.
   * @throws Error (as rejection) for what is no recording, and a room that the test does not know.
   */
  async replay(recording: Recording | URL | string): Promise<void> {
    const read = recordingOf(recording);
    this.#scene.checkRooms(roomsIn(read));
    await this.#verb(() =>
      playRecording(read, {
        bot: this.user,
        person: (user) => this.#scene.online(user),
        inside: (user, room) => this.#scene.inside(user, room),
        wait: (time) => this.sandbox.world.clock.advance(time),
      }),
    );
  }

  /** The connection to the server breaks. The bot comes back by itself when time passes. */
  async disconnect(): Promise<void> {
    await this.#verb(async () => this.sandbox.server.drop(this.user));
  }

  /** The server throws the bot out and bans it. */
  async ban(minutes = 30): Promise<void> {
    await this.#verb(async () => this.sandbox.server.ban(this.user, minutes));
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
  settle(): Promise<void> {
    return this.#scene.settle();
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
    this.begin();
    await act();
    await this.settle();
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
