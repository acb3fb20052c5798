import { toMs } from '../../api/duration.ts';
import { PluginError } from '../../api/errors.ts';
import type { Channel, NoticeReceipt, Notify } from '../../api/notify.ts';
import type { CallHost } from './facade.ts';

/** Makes `bot.notify`. */
export function makeNotify(call: CallHost): Notify {
  const notify: (...args: Parameters<Notify>) => ReturnType<Notify> = async (to, notice) => {
    const given: unknown = notice;
    if (typeof given !== 'object' || given === null)
      throw new PluginError('invalid', 'bot.notify: give it targets and { title, … }');
    const { ttl, ...rest } = notice;
    const wire = { ...rest, ...(ttl !== undefined && { ttlMs: toMs(ttl) }) };
    return (await call('notify', to, wire)) as readonly NoticeReceipt[];
  };
  return Object.freeze(
    Object.assign(notify, {
      channels: async () => (await call('notify.channels')) as readonly Channel[],
    }),
  );
}
