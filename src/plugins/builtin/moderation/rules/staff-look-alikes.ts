import { type Infer, s } from '../../../api/index.ts';
import { skeleton, undoubled } from '../text/skeleton.ts';
import { type JoinRule, settingsOf } from './rule.ts';

export const staffLookAlikesSettings = settingsOf(5, {
  protect: s
    .array(s.string({ min: 1 }))
    .default([])
    .describe('More names than those of staff.'),
});

type Settings = Infer<typeof staffLookAlikesSettings>;

/** Shorter names are part of too many others to be recognised by a part. */
const SHORTEST = 4;

/** Somebody whose name looks like that of staff. Names are case-sensitive here, so `Meg` and `meg` are two people. */
export const staffLookAlikes: JoinRule<Settings> = {
  id: 'staff-look-alikes',
  on: 'join',
  summary: 'User names that look like one of staff',
  version: '1',
  judge({ user }, { staff }, { points, protect }) {
    const protectedNames = [...staff, ...protect];
    if (protectedNames.includes(user)) return undefined;
    const original = protectedNames.find((name) => looksLike(user, name));
    if (original === undefined) return undefined;
    return { points, reason: `the name looks like ${original}`, evidence: user };
  },
};

/**
 * Whether a name passes for another: case, `l` `1` `I`, `0` `O`, `rn` `m`, separators; for names of four letters and more also
 * doubled letters and a character or two before or behind.
 */
export function looksLike(name: string, original: string): boolean {
  const given = skeleton(name);
  const real = skeleton(original);
  if (real === '') return false;
  if (given === real) return true;
  if (real.length < SHORTEST) return false;
  return undoubled(given) === undoubled(real) || isPadded(given, real);
}

/** `xmegx`, `meg1`, `meg__`: digits, which the skeleton made letters, and x. */
function isPadded(given: string, real: string): boolean {
  const extra = given.length - real.length;
  if (extra < 1 || extra > 2) return false;
  const at = given.indexOf(real);
  return at >= 0 && /^[xlos\d]*$/.test(given.slice(0, at) + given.slice(at + real.length));
}
