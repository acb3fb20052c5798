import { PluginError } from '../../api/errors.ts';
import type { Registrar } from '../host-registrations.ts';
import { outside } from './outside.ts';

/** `bot.personal`. */
export const personal: Registrar<'personal'> = ({ id, services, run }, reg, { what }) => {
  const route = { reg, where: 'personal data' };
  return outside(() =>
    services.personal.handle(id, what, async (act, user) => {
      const ended = await run(route, { act, user });
      if (ended.how === 'done') return ended.value;
      throw new PluginError(
        'failed',
        ended.how === 'cut' ? 'the plugin is not running' : ended.error.message,
      );
    }),
  );
};
