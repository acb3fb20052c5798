import { expect, it } from 'vitest';
import { noticesText } from './notices.ts';

it('says how each channel fares, and what was given up with its id', () => {
  const lines = noticesText({
    at: 3_600_000,
    channels: [
      { name: 'me', kind: 'pm', digest: 'none', waiting: 1, dead: 0 },
      { name: 'hook', kind: 'webhook', digest: 'hour', waiting: 0, dead: 2, problem: 'it answered 500' },
    ],
    others: [{ target: 'pm:al\u001b', waiting: 0, dead: 0 }],
    dead: [
      {
        id: 'a1',
        target: 'hook',
        title: 'News',
        count: 1,
        plugin: 'p',
        madeAt: 0,
        problem: 'it answered 500',
      },
    ],
    deadCount: 2,
  });
  expect(lines).toEqual([
    'me (pm): 1 waits',
    'hook (webhook): 0 wait, 2 given up; it answered 500',
    expect.stringMatching(/^pm:al\P{Cc}*: 0 wait$/u),
    '2 were given up, the newest are',
    'given up: "News" of p to hook, 1h ago: it answered 500 [a1]',
  ]);
  expect(noticesText({ at: 0, channels: [], others: [], dead: [], deadCount: 0 })).toEqual([
    'There are no channels in the config.',
  ]);
});
