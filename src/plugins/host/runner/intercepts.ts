import type { Registration } from '../../api/bot.ts';
import { toMs } from '../../api/duration.ts';
import { PluginError } from '../../api/errors.ts';
import type { InterceptDirection, InterceptOptions, Interceptor } from '../../api/intercept.ts';
import type { Registrations } from './registrations.ts';

const USUAL_TIMEOUT_MS = 200;

/** `bot.intercept`. @throws PluginError `invalid`, `unloaded`. */
export function addInterceptor<D extends InterceptDirection>(
  registrations: Registrations,
  direction: D,
  options: InterceptOptions,
  interceptor: Interceptor<D>,
): Registration {
  // Plugins in JavaScript forget the options, and then there is no third argument.
  const given: unknown = options;
  if (typeof given !== 'object' || given === null || typeof interceptor !== 'function') {
    throw new PluginError(
      'invalid',
      `bot.intercept(${JSON.stringify(direction)}): give it { onError: "allow" | "deny" } and a function`,
    );
  }
  const { order = 0, timeout, onError, rooms } = options;
  return registrations.add(
    `${direction} interceptor`,
    {
      kind: 'intercept',
      spec: {
        direction,
        order,
        timeoutMs: timeout === undefined ? USUAL_TIMEOUT_MS : toMs(timeout),
        onError,
        ...(rooms === undefined ? {} : { rooms }),
      },
    },
    { kind: 'run', run: (line) => interceptor(line as never) },
  );
}
