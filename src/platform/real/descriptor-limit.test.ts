import { expect, it } from 'vitest';
import { descriptorLimit } from './descriptor-limit.ts';

it.skipIf(process.platform === 'win32')('is what the system allows', () => {
  expect(descriptorLimit()).toBeGreaterThanOrEqual(64);
});
