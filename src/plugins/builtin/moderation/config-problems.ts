import type { SchemaIssue, SchemaPath } from '../../api/index.ts';
import type { Config } from './config.ts';
import { rangeProblem } from './rules/addresses.ts';
import { limitProblem } from './rules/limit.ts';
import { domainProblem, tidyDomain } from './text/domains.ts';
import { entryProblem } from './text/word-list.ts';

type Problem = (value: string) => string | undefined;

/** What is wrong with a config whose keys are all right one by one. */
export function problemsOf(config: Config): readonly SchemaIssue[] {
  return [...limits(config), ...lists(config), ...domains(config), ...empty(config), ...times(config)];
}

/** The time of day of a digest, as cron reads it. */
export function timeOfDay(text: string): { readonly hour: number; readonly minute: number } | undefined {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  return hour === undefined ? undefined : { hour: Number(hour), minute: Number(minute) };
}

function limits({ rules }: Config): SchemaIssue[] {
  const { flood, repeats, caps, asciiArt, longLines, joinWaves } = rules;
  const given: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    flood: { limit: flood.limit },
    repeats: { limit: repeats.limit, crowd: repeats.crowd },
    caps: { limit: caps.limit },
    asciiArt: { limit: asciiArt.limit },
    longLines: { limit: longLines.limit },
    joinWaves: { limit: joinWaves.limit },
  };
  return Object.entries(given).flatMap(([rule, keys]) =>
    Object.entries(keys).flatMap(([key, value]) => issue(['rules', rule, key], limitProblem(value))),
  );
}

function lists({ rules }: Config): SchemaIssue[] {
  const words = Object.entries(rules.words?.lists ?? {}).flatMap(([name, list]) =>
    each(['rules', 'words', 'lists', name, 'words'], list.words, entryProblem),
  );
  const matchers = (['words', 'patterns'] as const).flatMap((rule) => {
    const of = rules[rule]?.lists;
    return of !== undefined && Object.keys(of).length === 0
      ? issue(['rules', rule, 'lists'], 'has no list: it would match nothing; leave the rule out instead')
      : [];
  });
  return [
    ...words,
    ...matchers,
    ...each(['rules', 'addresses', 'deny'], rules.addresses?.deny, rangeProblem),
  ];
}

function domains({ rules }: Config): SchemaIssue[] {
  const { links, newcomers } = rules;
  const denied = new Set(links?.deny.map(tidyDomain));
  const both: Problem = (domain) =>
    denied.has(tidyDomain(domain)) ? `${JSON.stringify(domain)} is under deny as well` : undefined;
  return [
    ...each(['rules', 'links', 'allow'], links?.allow, (domain) => domainProblem(domain) ?? both(domain)),
    ...each(['rules', 'links', 'deny'], links?.deny, domainProblem),
    ...each(['rules', 'newcomers', 'allow'], newcomers.allow, domainProblem),
  ];
}

/** Rules that could never object to anything, or would object to everybody. */
function empty({ rules, staff }: Config): SchemaIssue[] {
  const { links, shares, countries } = rules;
  const idle =
    links?.others === 'allow' && links.deny.length === 0 && (links.allow.length === 0 || !links.lookAlikes);
  return [
    ...(idle
      ? issue(['rules', 'links'], 'objects to nothing: give it deny, others: deny, or allow with lookAlikes')
      : []),
    ...(shares !== undefined && shares.files + shares.folders === 0
      ? issue(['rules', 'shares'], 'asks for nothing: give it files or folders')
      : []),
    ...(countries !== undefined && countries.allow.length + countries.deny.length === 0
      ? issue(['rules', 'countries'], 'objects to nothing: give it deny or allow')
      : []),
    ...(staff !== undefined && staff.room === undefined && staff.users.length + staff.channels.length === 0
      ? issue(['staff'], 'names nobody: give it room, users or channels')
      : []),
  ];
}

function times({ staff }: Config): SchemaIssue[] {
  return each(['staff', 'digest'], staff?.digest, (text) =>
    timeOfDay(text) === undefined ? `${JSON.stringify(text)} is no time of day, such as "08:00"` : undefined,
  );
}

function each(path: SchemaPath, values: readonly string[] | undefined, problem: Problem): SchemaIssue[] {
  return (values ?? []).flatMap((value, index) => issue([...path, index], problem(value)));
}

const issue = (path: SchemaPath, message: string | undefined): SchemaIssue[] =>
  message === undefined ? [] : [{ path, message }];
