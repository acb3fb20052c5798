/** The bot that is killed: it writes down each handling and each run where no crash can undo it. */
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { definePlugin } from 'seekeeper';
import type { BotConfig } from '../../src/bot/config/config.ts';
import { Secret } from '../../src/bot/config/secret.ts';
import { Bot } from '../../src/bot/runtime/bot.ts';
import { openStore } from '../../src/bot/store/store.ts';
import { DEFAULT_WISHES } from '../../src/bot/wishes/wish-config.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { realPlatform } from '../../src/platform/real/real-platform.ts';
import { after } from '../../src/platform/time.ts';
import { moderationOf } from '../../src/testing/moderation.ts';
import { clockwork } from './clockwork.ts';
import type { Handling } from './evidence.ts';

const [port, storePath, evidencePath, timeEvidencePath] = process.argv.slice(2);

const counter = definePlugin({
  name: 'counter',
  needs: ['pm.read'],
  setup(bot) {
    bot.on('private.message', async ({ id, user, text, redelivered }) => {
      const handling: Handling = { id, user, text, redelivered };
      appendFileSync(evidencePath!, `${JSON.stringify(handling)}\n`);
      await bot.store.update<{ readonly from: string }>(`event/${id}`, (old) => old ?? { from: user });
    });
  },
});

const config: BotConfig = {
  bot: { user: 'seekeeper', password: new Secret('sandbox'), language: 'en', timezone: 'UTC' },
  server: { host: '127.0.0.1', port: Number(port) },
  listen: false,
  tree: { children: 0 },
  rooms: [],
  roles: { owner: [], mod: [], trusted: [] },
  // People here are as fast as bots.
  truce: { knownBots: [], rounds: 0 },
  notify: { owners: false, perDay: 10, channels: [] },
  moderation: moderationOf({}, { rooms: [], plugins: [] }),
  commands: { prefix: '!' },
  wishes: DEFAULT_WISHES,
  buddies: [],
  // A killed bot waits longer and longer before it logs in again; here it is killed two hundred times.
  outgoing: {
    login: { restartSeconds: 0, retrySeconds: 0.1, retryMaxSeconds: 0.2 },
    allowAboveCeiling: true,
  },
  store: { path: storePath! },
  log: { level: 'info', format: 'json' },
  journal: { keepMs: 86_400_000 },
  shutdown: { drainMs: 5_000 },
  onPluginFailure: 'stop',
  plugins: [],
};

// Loading the code takes longer than the bot lives; it is done while the one before is at work.
await once(process.stdin, 'data');
process.stdin.destroy();

const platform = realPlatform(nullLog);
const store = await openStore({ path: storePath!, clock: platform.clock, log: nullLog });
const bot = new Bot({
  config,
  plugins: [
    { id: 'counter', use: { plugin: counter } },
    {
      id: 'clockwork',
      use: { plugin: clockwork(timeEvidencePath!, (ms) => after(platform.clock, ms)) },
    },
  ],
  baseDir: process.cwd(),
  platform,
  store,
});
await bot.start();
process.once('SIGTERM', () => {
  void bot
    .stop()
    .then(() => store.close())
    .then(() => process.exit(0));
});
