import type { Registrar } from '../host-registrations.ts';
import { outside } from './outside.ts';

/** `bot.provide`. */
export const service: Registrar<'service'> = ({ id, provided, run }, reg, { name, methods }) => {
  // Taken at once, so that a clash ends the load.
  const release = provided.take(id, name);
  return outside(
    () =>
      provided.open(name, methods, (method, args) =>
        run({ reg, where: `service ${name}.${method}` }, { method, args }),
      ),
    release,
  );
};
