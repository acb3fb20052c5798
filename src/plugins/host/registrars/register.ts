import type { Registrar, RegistrationContext, RegistrationEntry } from '../host-registrations.ts';
import type { WireRegistration } from '../wire.ts';
import { dialog } from './dialogs.ts';
import { intercept } from './intercepts.ts';
import { job, timer } from './jobs.ts';
import { action, rule } from './moderation.ts';
import { personal } from './personal.ts';
import { service } from './provided.ts';
import { finds, wish } from './wishes.ts';

/** Kinds with a registrar of their own. */
type Kind =
  | 'job'
  | 'timer'
  | 'intercept'
  | 'dialog'
  | 'service'
  | 'personal'
  | 'wish'
  | 'finds'
  | 'rule'
  | 'action';

const REGISTRARS: { readonly [K in Kind]: Registrar<K> } = {
  job,
  timer,
  intercept,
  dialog,
  service,
  personal,
  wish,
  finds,
  rule,
  action,
};

/** Makes a registration. @throws PluginError why it is refused. */
export function register(
  context: RegistrationContext,
  reg: number,
  what: Extract<WireRegistration, { kind: Kind }>,
): RegistrationEntry {
  return (REGISTRARS[what.kind] as Registrar<Kind>)(context, reg, what);
}
