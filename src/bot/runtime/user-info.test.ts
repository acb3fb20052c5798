import { expect, it } from 'vitest';
import { Secret } from '../config/secret.ts';
import { userInfoText } from './user-info.ts';

it('says that it is a bot, whose it is, and then what its owner wrote', () => {
  const bot = { user: 'roomkeeper', password: new Secret('x'), language: 'en', timezone: 'UTC' };
  const nobody = { owner: [], mod: [], trusted: [] };
  expect(userInfoText({ bot, roles: nobody })).toBe(
    'This is a bot: an automatic client, run with Seekeeper.',
  );
  expect(
    userInfoText({
      bot: { ...bot, description: 'I greet.\nBe nice.' },
      roles: { ...nobody, owner: ['me', 'Al B'] },
    }),
  ).toBe(
    'This is a bot: an automatic client, run with Seekeeper.\nIts owner is me, Al B.\n\nI greet.\nBe nice.',
  );
});
