import { type Infer, s } from '../../../api/index.ts';
import { domainsIn, isUnder, tidyDomain } from '../text/domains.ts';
import { type LineRule, settingsOf, shown } from './rule.ts';

export const newcomersSettings = settingsOf(3, {
  lines: s.int({ min: 1, max: 100 }).default(3).describe('How many first lines are looked at.'),
  knownAfter: s
    .duration({ min: '1m', max: '365d' })
    .default('7d')
    .describe('Whoever was seen here so long ago is no new-comer, though they said nothing.'),
  links: s.boolean().default(true).describe('Objects to links.'),
  allow: s
    .array(s.string({ min: 3, max: 253 }))
    .default([])
    .describe('Domains that may be named all the same.'),
  longest: s.int({ min: 50, max: 2_000 }).default(400).describe('Objects to longer lines.'),
});

type Settings = Infer<typeof newcomersSettings>;

/** The first lines of somebody: who comes to advertise does it at once. */
export const newcomers: LineRule<Settings> = {
  id: 'newcomers',
  on: 'line',
  summary: "Links and long texts in somebody's first lines",
  version: '1',
  judge(line, { linesBefore, firstSeen = line.at }, settings) {
    if (linesBefore >= settings.lines || line.at - firstSeen >= settings.knownAfter) return undefined;
    const which = linesBefore === 0 ? 'the first line' : `line ${linesBefore + 1} of somebody new`;
    const evidence = shown(line.text);
    const allow = settings.allow.map(tidyDomain);
    const link = settings.links ? domainsIn(line.text).find((host) => !isUnder(host, allow)) : undefined;
    if (link !== undefined)
      return { points: settings.points, reason: `a link in ${which}: ${shown(link, 80)}`, evidence };
    if (Array.from(line.text).length > settings.longest)
      return {
        points: settings.points,
        reason: `more than ${settings.longest} characters in ${which}`,
        evidence,
      };
    return undefined;
  },
};
