import type { MembersConfig } from '../../src/bot/config/moderation-config.ts';
import { Members } from '../../src/bot/moderation/members/members.ts';
import { FaultyBackend } from '../../src/bot/store/fault-injection.ts';
import { openSqlite } from '../../src/bot/store/sqlite-backend.ts';
import { openStore, type Store } from '../../src/bot/store/store.ts';
import { SoulseekClient } from '../../src/network/client.ts';
import { memoryLog } from '../../src/platform/memory-log.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { type Dialect, type RoomSeed, type SandboxPerson, virtualSandbox } from '../../src/sandbox/index.ts';
import { KeptBackend } from '../../src/testing/kept-backend.ts';
import { mortalPlatform } from '../../src/testing/mortal-platform.ts';

export const BOT = 'seekeeper';
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
const HOST = '10.0.0.2';

export const DEFAULTS: MembersConfig = {
  invitationTtlMs: 30 * DAY,
  enforce: 'tell',
  snapshots: 14,
  dailySnapshot: true,
};

export interface MembersBenchOptions {
  readonly rooms: readonly RoomSeed[];
  readonly dialect?: Dialect;
  readonly config?: Partial<MembersConfig>;
  /** Nothing happens to them. */
  readonly protected?: ReadonlySet<string>;
}

/** The membership engine on a client in a sandbox: it can be killed and started again on the same store. */
export async function membersBench(options: MembersBenchOptions) {
  const { rooms, dialect = 'official', config = {} } = options;
  // Others are no users before they log in.
  const names = ['bob', 'cid', 'zoe', 'olga', 'opal', ...Array.from({ length: 30 }, (_, n) => `u${n}`)];
  const accounts = names.map((username) => ({ username, password: 'sandbox' }));
  const sandbox = await virtualSandbox({ server: { dialect, rooms, accounts, receivedLimit: 1_000_000 } });
  const { world, server } = sandbox;
  const { clock } = world;
  const database = new KeptBackend(openSqlite({ path: ':memory:', log: nullLog }));
  const log = memoryLog();
  /** What people were told, over all runs. */
  const told: { readonly to: string; readonly text: string }[] = [];
  const owners: string[] = [];
  let voiceWorks = true;

  const begin = async () => {
    const mortal = mortalPlatform({ ...world.host(HOST), log }, () => world.net.host(HOST).crash());
    const { platform } = mortal;
    const disk = new FaultyBackend(database);
    const store: Store = await sandbox.run(openStore({ backend: disk, clock: platform.clock, log }));
    const client = new SoulseekClient({
      platform,
      server: server.address,
      username: BOT,
      password: 'sandbox',
      listen: false,
      invitations: true,
      inbox: store.inbox,
      outbox: store.outbox,
      state: store.state,
    });
    const members = new Members({
      client,
      clock: platform.clock,
      log,
      store: store.members,
      config: { ...DEFAULTS, ...config },
      voice: {
        tell: async (to, text) => {
          if (!disk.crashed && voiceWorks) told.push({ to, text });
          return voiceWorks;
        },
        owners: (_subject, text) => void owners.push(text),
        staff: async () => true,
      },
      protection: (_room, user) => (options.protected?.has(user) === true ? 'one of the staff' : undefined),
    });
    await sandbox.run(members.open());
    await sandbox.run(client.start());
    await clock.runUntil(() => client.state.name === 'online', { timeoutMs: 2 * HOUR });
    for (const { name, owner } of rooms)
      await sandbox.run(client.rooms.join(name, { private: owner !== undefined }));
    members.start();
    return { mortal, disk, store, client, members };
  };
  let run = await begin();

  const person = async (name: string): Promise<SandboxPerson> => {
    const found = sandbox.person(name);
    if (!found.connected) await sandbox.run(found.login());
    return found;
  };

  return {
    sandbox,
    clock,
    told,
    owners,
    log,
    get members() {
      return run.members;
    },
    get client() {
      return run.client;
    },
    get disk() {
      return run.disk;
    },
    get store() {
      return run.store;
    },
    person,
    /** Logs in, once and for all without allowing invitations. */
    shy: async (name: string): Promise<SandboxPerson> => {
      const found = sandbox.person(name, { invitations: false });
      if (!found.connected) await sandbox.run(found.login());
      return found;
    },
    run: <T>(work: Promise<T>): Promise<T> => sandbox.run(work, HOUR),
    membersOf: (room: string): readonly string[] => server.world.room(room)?.members ?? [],
    operatorsOf: (room: string): readonly string[] => server.world.room(room)?.operators ?? [],
    /** What the bot asked the server about members and operators. */
    requests: () =>
      server
        .received(BOT)
        .filter(({ request }) => /^(Add|Remove)Room(Member|Operator)$/.test(request.type))
        .map(({ at, request }) => {
          const { type, room, username } = request as { type: string; room: string; username: string };
          return { at, what: `${type} ${room} ${username}` };
        }),
    toldTo: (user: string): readonly string[] => told.flatMap(({ to, text }) => (to === user ? [text] : [])),
    silence: (on: boolean) => {
      voiceWorks = !on;
    },
    kill: async () => {
      void run.members.stop();
      run.mortal.kill();
      await run.disk.revive();
    },
    start: async () => {
      run = await begin();
    },
    restart: async (downMs: number) => {
      void run.members.stop();
      run.mortal.kill();
      await run.disk.revive();
      await clock.advance(downMs);
      run = await begin();
    },
    end: async () => {
      void run.members.stop();
      run.mortal.kill();
      await sandbox.stop();
      await database.end();
    },
  };
}

export type MembersBench = Awaited<ReturnType<typeof membersBench>>;
