import { formatDiagnostic } from '../../bot/config/diagnostic.ts';
import { loadConfig } from '../../bot/config/load-config.ts';
import { Bot } from '../../bot/runtime/bot.ts';
import { openStore } from '../../bot/store/store.ts';
import type { Platform } from '../../platform/platform.ts';
import { realSandbox, type Sandbox } from '../../sandbox/index.ts';
import { packageRoot } from '../package-root.ts';

/** The names of the demo. */
export const demo = { bot: 'seekeeper', room: 'lobby', club: 'club', mod: 'alice', guest: 'you' } as const;

/** A network with one bot in it. */
export interface Stage {
  readonly sandbox: Sandbox;
  readonly bot: Bot;
  close(): Promise<void>;
}

/** The config of the demo's bot: what a real one looks like, but for the address. */
function configText(port: number, rooms: readonly string[]): string {
  const open = [demo.room, ...rooms].map((room) => JSON.stringify(room)).join(', ');
  return `
bot: { user: ${demo.bot}, password: { env: DEMO_PASSWORD } }
server: { host: 127.0.0.1, port: ${port} }
listen: { host: 127.0.0.1, port: 0 }
rooms: [${open}, { name: ${demo.club}, private: true }]
roles: { owner: [${demo.guest}], mod: [${demo.mod}] }
plugins:
  ./plugins-examples/greeter.ts: { config: { rooms: [${open}] } }
  ./plugins-examples/seen.ts: {}
  ./plugins-examples/about.ts: { config: { text: "I show what a Soulseek bot can do.", contact: ${demo.mod} } }
  ./plugins-examples/members.ts: {}
  ./plugins-examples/autoreply.ts:
    config:
      rooms: [${open}]
      replies: [{ words: ["the rules"], text: "{user}: be kind, share what you have, no links." }]
`;
}

/**
 * Starts the server and the bot, with a store in memory. Rejects when either cannot start.
 * @param rooms where the bot is besides
 */
export async function setStage(platform: Platform, rooms: readonly string[] = []): Promise<Stage> {
  const sandbox = await realSandbox({ platform });
  try {
    const loaded = loadConfig({
      path: `${packageRoot}demo.yaml`,
      text: configText(sandbox.address.port, rooms),
      env: { DEMO_PASSWORD: 'nothing-secret' },
    });
    if (!loaded.ok) throw new Error(loaded.diagnostics.map(formatDiagnostic).join('\n'));
    const store = await openStore({ memory: true, clock: platform.clock, log: platform.log });
    const bot = new Bot({ config: loaded.config, baseDir: packageRoot, platform, store });
    const close = async () => {
      await bot.stop({ drainMs: 2_000 });
      await store.close();
      await sandbox.stop();
    };
    try {
      await bot.start();
      await bot.ready;
    } catch (error) {
      await close();
      throw error;
    }
    return { sandbox, bot, close };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}
