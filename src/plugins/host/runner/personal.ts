import type { Registration } from '../../api/bot.ts';
import { PluginError } from '../../api/errors.ts';
import type { PersonalHandlers } from '../../api/personal.ts';
import type { Registrations } from './registrations.ts';

/** What the host asks. */
interface Question {
  readonly act: 'show' | 'forget';
  readonly user: string;
}

/** `bot.personal`. @throws PluginError `invalid`, `unloaded`. */
export function addPersonal(registrations: Registrations, handlers: PersonalHandlers): Registration {
  const given: Partial<Readonly<Record<string, unknown>>> = { ...handlers };
  const { what, show, forget } = given;
  if (
    typeof what !== 'string' ||
    what.trim() === '' ||
    typeof show !== 'function' ||
    typeof forget !== 'function'
  )
    throw new PluginError('invalid', 'bot.personal: give it { what: "in words", show, forget }');
  return registrations.add(
    'personal data',
    { kind: 'personal', what },
    {
      kind: 'run',
      run: (input) => {
        const { act, user } = input as Question;
        return act === 'show' ? handlers.show(user) : handlers.forget(user);
      },
    },
  );
}
