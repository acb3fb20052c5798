import type { SandboxPeer, VirtualSandbox } from '../sandbox/index.ts';
import type { BotLife } from './bot-life.ts';

/** Bytes that travel to and fro through the server, in milliseconds of virtual time. */
const ROUND_TRIP_MS = 10;

/** A verb waits at most so long for the bot to be done, in milliseconds of virtual time. */
export const PATIENCE_MS = 120_000;

/** The people around a bot, and the waiting for it. */
export class Scene {
  readonly #sandbox: VirtualSandbox;
  readonly #life: BotLife;
  readonly #rooms: readonly string[];

  /** @param rooms those that the bot knows */
  constructor(sandbox: VirtualSandbox, life: BotLife, rooms: readonly string[]) {
    this.#sandbox = sandbox;
    this.#life = life;
    this.#rooms = rooms;
  }

  /** Lets as little time pass as the bot needs; see TestBot.settle. */
  async settle(): Promise<void> {
    const { clock } = this.#sandbox.world;
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

  /** Somebody, logged in. @throws Error (as rejection) for the bot. */
  async online(user: string): Promise<SandboxPeer> {
    if (user === this.#life.user) throw new Error(`${user} is the bot`);
    const person = this.#sandbox.peer(user, { kind: 'member' });
    if (!person.connected) await this.#sandbox.run(person.login());
    return person;
  }

  /** @throws Error that names a room which the bot does not know. */
  checkRooms(rooms: readonly string[]): void {
    const unknown = rooms.find((room) => !this.#rooms.includes(room));
    if (unknown === undefined) return;
    throw new Error(`The bot does not know the room ${unknown}: add it to the rooms of testBot`);
  }

  /** Somebody inside a room; whoever is not inside enters first. @throws Error (as rejection) for an unknown room. */
  async inside(user: string, room: string): Promise<SandboxPeer> {
    this.checkRooms([room]);
    const person = await this.online(user);
    if (this.#sandbox.server.world.room(room)?.users.includes(user) === true) return person;
    await this.#sandbox.run(person.join(room));
    // The bot hears of it before anything else happens.
    await this.settle();
    return person;
  }
}
