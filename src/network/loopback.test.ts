import { expect, it } from 'vitest';
import { isLoopback } from './loopback.ts';

it.each(['127.0.0.1', '127.8.8.8', 'localhost', 'seek.localhost', '::1'])('%s is this machine', (host) => {
  expect(isLoopback(host)).toBe(true);
});

it.each(['server.slsknet.org', '127.0.0.1.example.org', '10.0.0.1', 'localhost.example.org', '1270.0.0.1'])(
  '%s is not',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
