import { expect, it } from 'vitest';
import { networkRulesWarning } from './network-rules.ts';

it('warns about every server but this machine', () => {
  expect(networkRulesWarning({ server: { host: '127.0.0.1', port: 2242 } })).toBeUndefined();
  expect(networkRulesWarning({ server: { host: 'server.slsknet.org', port: 2242 } })).toContain(
    'server.slsknet.org',
  );
});
