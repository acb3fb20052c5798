import { type Infer, s } from '../../../api/index.ts';
import { domainsIn, imitated, isUnder, tidyDomain } from '../text/domains.ts';
import { type LineRule, settingsOf, shown } from './rule.ts';

const domains = s.array(s.string({ min: 3, max: 253 }));

export const linksSettings = settingsOf(3, {
  allow: domains.default([]).describe('Domains that may be named; each covers all under it.'),
  deny: domains.default([]).describe('Domains that may not.'),
  others: s.oneOf('allow', 'deny').default('allow').describe('What is on neither list.'),
  lookAlikes: s
    .boolean()
    .default(true)
    .describe('Objects to domains that only seem to be one that may be named, at twice the points.'),
});

type Settings = Infer<typeof linksSettings>;

/** Links and domains that are not wanted here. */
export const links: LineRule<Settings> = {
  id: 'links',
  on: 'line',
  summary: 'Links and domains that are not wanted here',
  version: '1',
  judge(line, _, settings) {
    for (const host of domainsIn(line.text)) {
      const wrong = objection(host, settings);
      if (wrong !== undefined) return { ...wrong, evidence: shown(line.text) };
    }
    return undefined;
  },
};

function objection(host: string, settings: Settings): { points: number; reason: string } | undefined {
  const { points, others, lookAlikes } = settings;
  const allow = settings.allow.map(tidyDomain);
  const name = shown(host, 80);
  const original = lookAlikes ? imitated(host, allow) : undefined;
  if (original !== undefined)
    return { points: Math.min(2 * points, 100), reason: `${name} only seems to be ${original}` };
  if (isUnder(host, settings.deny.map(tidyDomain))) return { points, reason: `${name} is not wanted here` };
  if (others === 'deny' && !isUnder(host, allow))
    return { points, reason: `${name} is not among the domains that may be named here` };
  return undefined;
}
