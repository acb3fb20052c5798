import { PluginError } from '../api/errors.ts';
import type { CasesService, MembersService } from './services.ts';

type Args = readonly unknown[];
/** What an argument must be. `entry` of a list. */
type Kind =
  | 'name'
  | 'text'
  | 'text?'
  | 'number'
  | 'number?'
  | 'object'
  | 'object?'
  | 'name?'
  | readonly string[];

/** What every function of `bot.cases` takes. What is inside an object is read by the engine. */
export const CASE_CALLS: { readonly [K in keyof CasesService]: readonly (readonly [string, Kind])[] } = {
  get: [['id', 'number']],
  list: [['query', 'object?']],
  strikes: [
    ['user', 'name'],
    ['room', 'name?'],
  ],
  sanction: [['sanction', 'object']],
  undo: [
    ['id', 'number'],
    ['actor', 'name'],
    ['note', 'text?'],
  ],
  pardon: [
    ['id', 'number'],
    ['actor', 'name'],
    ['note', 'text?'],
  ],
  decide: [
    ['id', 'number'],
    ['actor', 'name'],
    ['answer', ['yes', 'no']],
  ],
  note: [
    ['id', 'number'],
    ['actor', 'name'],
    ['text', 'text'],
  ],
  appeal: [
    ['id', 'number'],
    ['user', 'name'],
    ['text', 'text'],
  ],
  answerAppeal: [
    ['id', 'number'],
    ['actor', 'name'],
    ['answer', ['grant', 'reject']],
    ['note', 'text?'],
  ],
  export: [
    ['query', 'object'],
    ['format', ['text', 'json']],
  ],
  power: [['room', 'name?']],
  halt: [
    ['actor', 'name'],
    ['reason', 'text'],
  ],
  resume: [['actor', 'name']],
  halted: [],
};

/** What every function of `bot.members` takes. */
export const MEMBER_CALLS: { readonly [K in keyof MembersService]: readonly (readonly [string, Kind])[] } = {
  invite: [
    ['room', 'name'],
    ['user', 'name'],
    ['by', 'name'],
    ['options', 'object?'],
  ],
  withdraw: [
    ['room', 'name'],
    ['user', 'name'],
    ['by', 'name'],
  ],
  remove: [
    ['room', 'name'],
    ['user', 'name'],
    ['by', 'name'],
  ],
  op: [
    ['room', 'name'],
    ['user', 'name'],
    ['by', 'name'],
  ],
  deop: [
    ['room', 'name'],
    ['user', 'name'],
    ['by', 'name'],
  ],
  pending: [['room', 'name?']],
  banned: [['room', 'name?']],
  unban: [
    ['room', 'name'],
    ['user', 'name'],
    ['by', 'name'],
  ],
  snapshot: [
    ['room', 'name'],
    ['by', 'name'],
  ],
  snapshots: [['room', 'name']],
  difference: [
    ['room', 'name'],
    ['id', 'number?'],
  ],
  restore: [
    ['room', 'name'],
    ['id', 'number'],
    ['by', 'name'],
  ],
  applicants: [['room', 'name?']],
  apply: [['applicant', 'object']],
  admit: [
    ['room', 'name'],
    ['user', 'name'],
    ['by', 'name'],
    ['answer', ['approve', 'reject']],
  ],
  history: [
    ['room', 'name'],
    ['user', 'name?'],
  ],
};

/** @throws PluginError `invalid`, naming the first argument that is not what it must be. */
export function checkArgs(what: string, kinds: readonly (readonly [string, Kind])[], args: Args): Args {
  return kinds.map(([name, kind], index) => {
    const value = args[index];
    const optional = typeof kind === 'string' && kind.endsWith('?');
    if (optional && (value === undefined || value === null)) return undefined;
    const problem = problemOf(value, optional ? (kind.slice(0, -1) as Kind) : kind);
    if (problem !== undefined) throw new PluginError('invalid', `${what}: ${name} ${problem}`);
    return value;
  });
}

function problemOf(value: unknown, kind: Kind): string | undefined {
  if (typeof kind !== 'string')
    return kind.includes(value as string) ? undefined : `must be one of ${kind.join(', ')}`;
  switch (kind) {
    case 'name':
      return typeof value === 'string' && value !== '' ? undefined : 'must be a text that is not empty';
    case 'text':
      return typeof value === 'string' && value.length <= 2_000
        ? undefined
        : 'must be a text of at most 2000 characters';
    case 'number':
      return typeof value === 'number' && Number.isInteger(value) ? undefined : 'must be a whole number';
    default:
      return typeof value === 'object' && value !== null && !Array.isArray(value)
        ? undefined
        : 'must be an object';
  }
}
