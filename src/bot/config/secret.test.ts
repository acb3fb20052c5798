import { format, inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from './secret.ts';

it('shows itself in no way but one', () => {
  const secret = new Secret('hunter2');
  const shown = [
    String(secret),
    ['', secret].join(''),
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true, customInspect: false }),
    inspect(secret),
    format('%s %o %j', secret, secret, secret),
    JSON.stringify(structuredClone(Object.entries(secret))),
  ];
  expect(shown.join()).not.toContain('hunter2');
  expect(secret.reveal()).toBe('hunter2');
});
