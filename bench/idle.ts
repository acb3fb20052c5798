import { setTimeout as sleep } from 'node:timers/promises';
import { nullLog } from '../src/platform/null-log.ts';
import { realPlatform } from '../src/platform/real/real-platform.ts';
import { SeededRandom } from '../src/platform/virtual/seeded-random.ts';
import { realSandbox, type Sandbox } from '../src/sandbox/index.ts';
import type { Benchmark } from './benchmark.ts';
import { BuiltBot, build } from './built-bot.ts';

const ROOMS = 10;
const PEOPLE = 120;
/** A busy room: a line every four seconds, somebody coming or going every twenty. */
const LINES_PER_ROOM = 900;
const MOVES_PER_ROOM = 180;
const BUDGET_MIB = 90;
/** Noise of the allocator; what leaks grows with every hour, and an hour here is 10,800 events. */
const GROWTH_MIB = 3;

/** Memory of the built bot after an hour of ten busy rooms at full speed, and after a second one. */
export const idle: Benchmark = {
  name: 'idle',
  summary: `an hour of ${ROOMS} busy rooms replayed at full speed into the built bot, then idle; then a second hour`,
  async run() {
    build();
    const sandbox = await realSandbox({ platform: realPlatform(nullLog), floodLimits: false });
    const rooms = Array.from({ length: ROOMS }, (_, i) => `room${i}`);
    const joined = new Set<string>();
    const inAll = new Promise<void>((resolve) => {
      sandbox.server.on('response', ({ user, response }) => {
        if (user === 'keeper' && response.type === 'JoinRoom' && joined.add(response.room).size === ROOMS)
          resolve();
      });
    });
    const file = (name: string) =>
      JSON.stringify(new URL(`../plugins-examples/${name}.ts`, import.meta.url).pathname);
    const plugins = `{ ${file('seen')}: {}, ${file('about')}: { config: { text: "a bench" } } }`;
    const bot = new BuiltBot({ port: sandbox.address.port, rooms, plugins });
    await inAll;
    await settle(sandbox);
    const fresh = bot.residentMiB();
    const hours: number[] = [];
    const random = new SeededRandom(1);
    for (let hour = 0; hour < 3; hour += 1) {
      replayHour(sandbox, rooms, random);
      await settle(sandbox);
      hours.push(bot.residentMiB());
    }
    const cpu = bot.cpuSeconds();
    await bot.stop();
    await sandbox.stop();
    const [first, , last] = hours as [number, number, number];
    // The second hour against the first, and a third, because memory that is merely not yet collected shrinks again.
    const grown = last - first;
    return {
      figure: first.toFixed(1),
      unit: 'MiB resident',
      budget: `< ${BUDGET_MIB}, no growth`,
      ok: first < BUDGET_MIB && grown <= GROWTH_MIB,
      details: [
        `fresh in ${ROOMS} rooms: ${fresh.toFixed(1)} MiB; after each hour of ${ROOMS * (LINES_PER_ROOM + MOVES_PER_ROOM)} events, idle again: ${hours.map((mib) => mib.toFixed(1)).join(', ')} MiB`,
        `growth from the first hour to the last: ${grown.toFixed(1)} MiB (allowed ${GROWTH_MIB}); ${cpu.toFixed(1)} CPU seconds in all`,
      ],
    };
  },
};

/** What the server would push in an hour, as fast as the socket takes it. */
function replayHour({ server }: Sandbox, rooms: readonly string[], random: SeededRandom): void {
  const person = () => `person${random.int(0, PEOPLE - 1)}`;
  for (let line = 0; line < LINES_PER_ROOM; line += 1) {
    for (const room of rooms) {
      const message = `line ${line} about ${random.u32().toString(36)} and whatever else people say in a room`;
      server.sendTo('keeper', { type: 'SayChatroom', room, username: person(), message });
      if (line % (LINES_PER_ROOM / MOVES_PER_ROOM) !== 0) continue;
      const username = person();
      server.sendTo('keeper', {
        type: 'UserJoinedRoom',
        room,
        username,
        status: 2,
        avgSpeed: 1000,
        uploadNum: 1,
        unknown: 0,
        files: 100,
        dirs: 10,
        slotsFull: 0,
        countryCode: '',
      });
      server.sendTo('keeper', { type: 'UserLeftRoom', room, username });
    }
  }
}

/** Until the bot has answered a question that it got after everything else, and has had time to collect its garbage. */
async function settle(sandbox: Sandbox): Promise<void> {
  const asker = sandbox.person(`asker${sandbox.server.world.accounts.length}`);
  await asker.login();
  asker.pm('keeper', '!about');
  await asker.untilPm('keeper', /a bench/, 60_000);
  asker.logout();
  await sleep(10_000);
}
