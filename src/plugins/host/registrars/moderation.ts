import { PluginError } from '../../api/errors.ts';
import type { Registrar } from '../host-registrations.ts';
import { checkAction, checkRule, readVerdict } from '../rule-input.ts';
import { outcomeOf } from './outcome.ts';
import { outside } from './outside.ts';

/** `bot.rule`. */
export const rule: Registrar<'rule'> = (context, reg, { spec }) => {
  const { id, services, run } = context;
  context.require('moderate', 'bot.rule');
  checkRule(spec);
  const route = { reg, where: `rule ${spec.id}` };
  return outside(() =>
    services.rules.add(id, spec, async (what, context) => {
      const ended = await run(route, { what, context });
      if (ended.how === 'done') return readVerdict(ended.value);
      if (ended.how === 'cut') throw new PluginError('unloaded', 'the plugin is not running');
      throw new PluginError('failed', ended.error.message);
    }),
  );
};

/** `bot.action`. */
export const action: Registrar<'action'> = (context, reg, { spec }) => {
  const { id, services, run } = context;
  context.require('moderate', 'bot.action');
  checkAction(spec);
  const route = { reg, where: `action ${spec.id}` };
  return outside(() =>
    services.actions.add(id, spec, async (act, of) => outcomeOf(await run(route, { act, of }))),
  );
};
