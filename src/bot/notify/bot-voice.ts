import type { SoulseekClient } from '../../network/client.ts';
import type { Clock } from '../../platform/clock.ts';
import type { HostServices } from '../../plugins/host/services.ts';
import type { ChatPort } from './channels/chat.ts';

/** The bot's own voice. @param services asked for when something is to be said */
export function botVoice(
  client: Pick<SoulseekClient, 'state' | 'rooms'>,
  clock: Clock,
  services: () => Pick<HostServices, 'say' | 'pm'>,
): ChatPort {
  return {
    say: (origin, { kind, to }, text, options) =>
      kind === 'room'
        ? services().say(origin, to, [text], options)
        : services().pm(origin, to, [text], options),
    canSay(room) {
      if (client.state.name !== 'online') return 'the bot is not online';
      if (room === undefined || client.rooms.get(room)?.joined === true) return true;
      return `the bot is not in ${room}`;
    },
    now: () => clock.now(),
  };
}
