import type { SoulseekClient } from '../../network/client.ts';
import type { Log } from '../../platform/log.ts';

/** Adds to the log what an owner wants to read there and the client does not say by itself. */
export function narrate(client: SoulseekClient, log: Log): void {
  client.on('state', ({ state }) => {
    if (state.name === 'online') log.info('Online', { ip: state.ip, greeting: state.greeting });
    else if (state.name === 'replaced') {
      // Connecting again by itself would make the two programs throw each other out for ever.
      log.error('Not connecting again by itself: end the other program, then `seekeeper retry`');
    } else if (state.name === 'banned') {
      log.warn('Quiet until then', { until: new Date(state.until).toISOString() });
    }
  });
  client.on('room.entered', ({ room, again }) => {
    if (again) log.info('Back in a room', { room: room.name, standing: room.standing });
  });
  client.on('room.exited', ({ room, reason }) => {
    if (reason !== 'disconnected') log.warn('No longer in a room', { room, reason });
  });
  client.on('announcement', ({ text }) => log.info('The server announces something', { text }));
}
