import { type Infer, s } from '../../../api/index.ts';
import { type JoinRule, settingsOf } from './rule.ts';

const codes = s.array(s.string({ pattern: /^[A-Za-z]{2}$/ }));

export const countriesSettings = settingsOf(5, {
  deny: codes.default([]).describe('Two-letter codes.'),
  allow: codes.default([]).describe('If any are given: all others are objected to.'),
});

type Settings = Infer<typeof countriesSettings>;

/** Where somebody comes from, as the server says. Where it says nothing, nobody is objected to. */
export const countries: JoinRule<Settings> = {
  id: 'countries',
  on: 'join',
  summary: 'Comes from a country that is not admitted',
  version: '1',
  judge({ country }, _, { allow, deny, points }) {
    const code = country.toUpperCase();
    if (code === '') return undefined;
    const has = (list: readonly string[]) => list.some((one) => one.toUpperCase() === code);
    if (has(deny) || (allow.length > 0 && !has(allow)))
      return { points, reason: `comes from ${code}, which is not admitted here` };
    return undefined;
  },
};
