import type { Registration } from '../../api/bot.ts';
import type { ActionDefinition, Case, Cases } from '../../api/cases.ts';
import { toMs } from '../../api/duration.ts';
import { PluginError } from '../../api/errors.ts';
import type { Members } from '../../api/members.ts';
import type { AddRule, RuleContext } from '../../api/rule.ts';
import { CASE_CALLS, MEMBER_CALLS } from '../moderation-calls.ts';
import type { CallHost } from './facade.ts';
import type { Registrations } from './registrations.ts';

const USUAL_LINES = 100;

/** Makes `bot.rule`. */
export function makeAddRule(registrations: Registrations): AddRule {
  return (definition) => {
    const given: unknown = definition;
    if (typeof given !== 'object' || given === null || typeof definition.check !== 'function')
      throw new PluginError('invalid', 'bot.rule: give it { id, summary, check(what, context) { … } }');
    const { id, summary, version = '1', on = 'line', window, exempt = [], patience, rooms } = definition;
    return registrations.add(
      `rule ${JSON.stringify(id)}`,
      {
        kind: 'rule',
        spec: {
          id,
          summary,
          version,
          on,
          ...(window !== undefined && {
            window: {
              withinMs: toMs(window.within),
              lines: window.lines ?? USUAL_LINES,
              sameUser: window.sameUser ?? false,
            },
          }),
          exempt,
          ...(patience !== undefined && { patienceMs: toMs(patience) }),
          ...(rooms !== undefined && { rooms }),
        },
      },
      {
        kind: 'run',
        run: async (input) => {
          const { what, context } = input as { what: never; context: RuleContext };
          return (await definition.check(what, context)) ?? undefined;
        },
      },
    );
  };
}

/** `bot.action`. */
export function addAction(registrations: Registrations, definition: ActionDefinition): Registration {
  const given: unknown = definition;
  if (
    typeof given !== 'object' ||
    given === null ||
    typeof definition.apply !== 'function' ||
    typeof definition.undo !== 'function'
  )
    throw new PluginError(
      'invalid',
      'bot.action: give it { id, summary, apply(case) { … }, undo(case) { … } }',
    );
  const { id, summary, powers } = definition;
  return registrations.add(
    `action ${JSON.stringify(id)}`,
    { kind: 'action', spec: { id, summary, ...(powers !== undefined && { powers }) } },
    {
      kind: 'run',
      run: async (input) => {
        const { act, of } = input as { act: 'apply' | 'undo'; of: Case };
        await definition[act](of);
      },
    },
  );
}

/** Makes `bot.cases`. */
export function makeCases(call: CallHost): Cases {
  return proxy(call, 'cases', Object.keys(CASE_CALLS)) as unknown as Cases;
}

/** Makes `bot.members`. */
export function makeMembers(call: CallHost): Members {
  return proxy(call, 'members', Object.keys(MEMBER_CALLS)) as unknown as Members;
}

/** Functions that do nothing but ask the host. */
function proxy(call: CallHost, of: string, methods: readonly string[]) {
  return Object.freeze(
    Object.fromEntries(
      methods.map((method) => [
        method,
        async (...args: readonly unknown[]) => call(`${of}.${method}`, ...args),
      ]),
    ),
  );
}
