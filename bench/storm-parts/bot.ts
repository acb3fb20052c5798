/** The bot in a process of its own: `bot.ts SERVER-PORT`. Searches once, takes what comes, and reports when all is quiet. */
import { SoulseekClient } from '../../src/network/index.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { realPlatform } from '../../src/platform/real/real-platform.ts';
import { after } from '../../src/platform/time.ts';
import { CountedTransport } from './counted-transport.ts';
import { type BotReport, QUERY } from './messages.ts';

/** A storm that is not over by then never ends. */
const PATIENCE_MS = 30_000;
const POLL_MS = 5;
/** Nobody comes any more when nothing has happened for so long. */
const QUIET_MS = 3000;

const port = Number(process.argv[2]);
const platform = realPlatform(nullLog);
const { clock } = platform;
const transport = new CountedTransport(platform.transport, port);
const client = new SoulseekClient({
  platform: { ...platform, transport },
  server: { host: '127.0.0.1', port },
  username: 'bot',
  password: 'secret',
  listen: { host: '127.0.0.1', port: 0 },
});
await client.start();
await client.online();

const peakMiB = (): number => process.resourceUsage().maxRSS / 1024;
const memoryBefore = peakMiB();
const before = process.cpuUsage();
const search = client.search({ query: QUERY, limit: 10_000, perUser: 5, timeoutMs: PATIENCE_MS });
const users = new Set<string>();
let hits = 0;
const reading = (async () => {
  for await (const hit of search) {
    users.add(hit.user);
    hits++;
  }
})();

const began = clock.monotonic();
let quietSince = began;
let seen = 0;
let cpu = process.cpuUsage(before);
for (;;) {
  await after(clock, POLL_MS);
  const now = clock.monotonic();
  const busy = transport.accepted + transport.dialled > 0 || transport.lastByte > seen;
  if (busy || transport.lastByte === 0) {
    quietSince = now;
    cpu = process.cpuUsage(before);
  }
  seen = transport.lastByte;
  if (now - quietSince > QUIET_MS || now - began > PATIENCE_MS) break;
}
const open = transport.accepted + transport.dialled;
const report: BotReport = {
  users: users.size,
  hits,
  peakAccepted: transport.peakAccepted,
  peakDialled: transport.peakDialled,
  closingMs: open > 0 ? Infinity : transport.lastClose - transport.lastByte,
  cpu: (cpu.user + cpu.system) / 1e6,
  memoryBefore,
  memory: peakMiB(),
};
process.send!(report);
await client.stop();
await reading;
process.disconnect();
