import { timeText } from '../cases/case-texts.ts';
import type { BackTestReport } from './back-test.ts';
import type { RuleTestReport } from './tally.ts';

/** People and lines that are named. */
const MAX_NAMED = 10;

/** One sentence: `police/flood would have made 11 cases of 6 people, 2 objections to staff`. */
export function ruleSentence({ rule, cases, people, staff, exempt, failures }: RuleTestReport): string {
  if (cases + staff + exempt + failures === 0) return `${rule} would never have acted`;
  const parts = [
    `would have made ${counted(cases, 'case')} of ${counted(people.length, 'person', 'people')}`,
    ...(staff > 0 ? [`objected ${times(staff)} to staff, to whom nothing happens`] : []),
    ...(exempt > 0 ? [`${times(exempt)} to people who are exempt`] : []),
    ...(failures > 0 ? [`failed ${times(failures)}`] : []),
  ];
  return `${rule} ${parts.join(', ')}`;
}

/** For a terminal or a notice. @param lines how many lines of each rule are shown */
export function reportText(report: BackTestReport, lines = MAX_NAMED): string[] {
  const head = `${timeText(report.since)} to ${timeText(report.until)}: ${counted(report.judged, 'line')} judged`;
  const passed = report.passedOver === 0 ? '' : `, ${report.passedOver} not, because so many came at once`;
  return [`${head}${passed}`, ...report.rules.flatMap((rule) => ruleText(rule, lines))];
}

function ruleText(rule: RuleTestReport, lines: number): string[] {
  const follows = Object.entries(rule.consequences).map(([what, count]) => `${what} ${count}`);
  const named = rule.people
    .slice(0, MAX_NAMED)
    .map(({ user, cases }) => (cases === 1 ? user : `${user} (${cases})`));
  const more = rule.people.length > MAX_NAMED ? ` and ${rule.people.length - MAX_NAMED} more` : '';
  return [
    `${ruleSentence(rule)} (version ${rule.version}, ${rule.mode} now)`,
    ...(follows.length === 0 ? [] : [`  what would have followed: ${follows.join(', ')}`]),
    ...(named.length === 0 ? [] : [`  whom: ${named.join(', ')}${more}`]),
    ...(rule.error === undefined ? [] : [`  it failed with: ${rule.error}`]),
    ...rule.lines.slice(0, lines).map(({ at, room, user, text = 'came in', points, reason, protection }) => {
      const who = protection === undefined ? user : `${user}, ${protection}`;
      return `  ${timeText(at)} ${room} <${who}> ${text} — ${points}: ${reason}`;
    }),
  ];
}

const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
