import { SoulseekClient } from '../../network/client.ts';
import type { Platform } from '../../platform/platform.ts';
import type { BotConfig } from '../config/config.ts';
import type { Store } from '../store/store.ts';
import { userInfoText } from './user-info.ts';

/** The bot's client, as the config wants it. @throws LimitError, RangeError when a setting may not have its value. */
export function makeClient(config: BotConfig, platform: Platform, store: Store): SoulseekClient {
  const { bot, server, listen, outgoing, rooms, tree } = config;
  const charsets = Object.fromEntries(
    rooms.flatMap(({ name, charset }) => (charset === undefined ? [] : [[name, charset]])),
  );
  return new SoulseekClient({
    platform,
    server,
    username: bot.user,
    password: bot.password.reveal(),
    listen,
    tree: { maxChildren: tree.children },
    description: userInfoText(config),
    limits: outgoing,
    charsets,
    // Whoever owns a private room has to be able to add the bot to it.
    invitations: rooms.some((room) => room.private),
    inbox: store.inbox,
    outbox: store.outbox,
    state: store.state,
  });
}
