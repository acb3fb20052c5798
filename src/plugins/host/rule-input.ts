import type { Power } from '../api/cases.ts';
import { PluginError } from '../api/errors.ts';
import { ROLES } from '../api/people.ts';
import type { Verdict } from '../api/rule.ts';
import type { ActionSpec, RuleSpec } from './wire.ts';

const ID = /^[a-z0-9][a-z0-9-]{0,31}$/;
const MAX_WITHIN_MS = 3_600_000;
const MAX_LINES = 500;
const MAX_PATIENCE_MS = 60_000;
const USUAL_PATIENCE_MS = 1_000;
const MAX_POINTS = 100;
const MAX_TEXT = 300;
const MAX_SUMMARY = 200;
const POWERS: readonly Power[] = [
  'public',
  'private-owner',
  'private-operator',
  'private-member',
  'moderated',
  'refused',
  'absent',
];

/** Plugins may be written in JavaScript. @throws PluginError `invalid`, naming the rule. */
export function checkRule({ id, summary, version, on, window, exempt, patienceMs, rooms }: RuleSpec): void {
  const wrong = wrongOf('bot.rule', id);
  checkNamed(id, summary, wrong);
  if (typeof version !== 'string' || version === '' || version.length > 32)
    throw wrong('version must be a text of 1 to 32 characters');
  if (on !== 'line' && on !== 'join') throw wrong('on must be "line" or "join"');
  if (window !== undefined) {
    if (!(window.withinMs >= 1 && window.withinMs <= MAX_WITHIN_MS))
      throw wrong('window.within must be at most 1h');
    if (!(Number.isInteger(window.lines) && window.lines >= 1 && window.lines <= MAX_LINES))
      throw wrong(`window.lines must be a whole number from 1 to ${MAX_LINES}`);
    if (typeof window.sameUser !== 'boolean') throw wrong('window.sameUser must be true or false');
  }
  if (!Array.isArray(exempt) || !exempt.every((role: unknown) => ROLES.some((known) => known === role)))
    throw wrong(`exempt must be a list of ${ROLES.join(', ')}`);
  if (patienceMs !== undefined) {
    if (!(patienceMs >= 1 && patienceMs <= MAX_PATIENCE_MS)) throw wrong('patience must be at most 60s');
    if (on === 'line' && patienceMs > USUAL_PATIENCE_MS)
      throw wrong('patience over 1s is for on: "join"; lines do not wait that long');
  }
  checkList(rooms, 'rooms', wrong);
}

/** @throws PluginError `invalid`, naming the action. */
export function checkAction({ id, summary, powers }: ActionSpec): void {
  const wrong = wrongOf('bot.action', id);
  checkNamed(id, summary, wrong);
  checkList(powers, 'powers', wrong);
  if (powers?.some((power) => !POWERS.includes(power)) === true)
    throw wrong(`powers must be a list of ${POWERS.join(', ')}`);
}

/** What a rule said. @throws PluginError `invalid` for what is no verdict. */
export function readVerdict(value: unknown): Verdict | undefined {
  if (value === undefined || value === null) return undefined;
  const { points, reason, evidence, atMost } = value as Readonly<Record<string, unknown>>;
  if (typeof points !== 'number' || !(points > 0 && points <= MAX_POINTS))
    throw new PluginError('invalid', `a verdict has points above 0, ${MAX_POINTS} at most`);
  if (typeof reason !== 'string' || reason.trim() === '')
    throw new PluginError('invalid', 'a verdict has a reason');
  return {
    points,
    reason: reason.slice(0, MAX_TEXT),
    ...(typeof evidence === 'string' && { evidence: evidence.slice(0, MAX_TEXT) }),
    ...(typeof atMost === 'string' && { atMost: atMost.slice(0, MAX_TEXT) }),
  };
}

type Wrong = (what: string) => PluginError;

function wrongOf(what: string, id: unknown): Wrong {
  const name = typeof id === 'string' ? JSON.stringify(id.slice(0, 64)) : '';
  return (problem) => new PluginError('invalid', `${what}(${name}): ${problem}`);
}

function checkNamed(id: unknown, summary: unknown, wrong: Wrong): void {
  if (typeof id !== 'string' || !ID.test(id))
    throw wrong('id must be 1 to 32 lower-case letters, digits and "-"');
  if (typeof summary !== 'string' || summary.trim() === '' || summary.length > MAX_SUMMARY)
    throw wrong(`summary must be a text of 1 to ${MAX_SUMMARY} characters`);
}

function checkList(list: readonly unknown[] | undefined, what: string, wrong: Wrong): void {
  if (list === undefined) return;
  if (
    !Array.isArray(list) ||
    list.length === 0 ||
    !list.every((entry) => typeof entry === 'string' && entry !== '')
  )
    throw wrong(`${what} must be a list of texts that is not empty`);
}
