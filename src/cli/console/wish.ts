import type { DecisionQuery } from '../../bot/store/decisions.ts';
import type { DryLine } from '../../bot/watch/dry-run.ts';

/** What of the live view is shown. */
export type FilterKey = 'room' | 'user' | 'plugin';

/** What a typed line asks for. */
export type Wish =
  | { readonly kind: 'nothing' | 'status' | 'plugins' | 'jobs' | 'doctor' | 'help' | 'quiet' | 'all' }
  | { readonly kind: 'quit' }
  | { readonly kind: 'why'; readonly query: DecisionQuery }
  | { readonly kind: 'inject'; readonly line: DryLine }
  /** Without a name the filter is taken away. */
  | { readonly kind: 'filter'; readonly key: FilterKey; readonly name?: string }
  /** A command that a plugin offers here. */
  | { readonly kind: 'command'; readonly line: string }
  | { readonly kind: 'unclear'; readonly why: string };

const INJECT = 'inject USER: TEXT (in private), inject USER in ROOM: TEXT; "..." around names with spaces';
const WHY = 'why, why ID, why user NAME, why room NAME, why plugin ID';
const DECISION = /^w[a-z0-9]{4}$/iu;

/** Understands what was typed. */
export function wishOf(typed: string): Wish {
  const line = typed.trim();
  const [word = '', ...rest] = line.split(/\s+/u);
  const behind = line.slice(word.length).trim();
  switch (word) {
    case '':
      return { kind: 'nothing' };
    case 'status':
    case 'plugins':
    case 'jobs':
    case 'doctor':
    case 'help':
      return { kind: word };
    case 'quit':
    case 'exit':
      return { kind: 'quit' };
    case '/quiet':
      return { kind: 'quiet' };
    case '/all':
      return { kind: 'all' };
    case '/room':
    case '/user':
    case '/plugin': {
      const key = word.slice(1) as FilterKey;
      return behind === '' ? { kind: 'filter', key } : { kind: 'filter', key, name: behind };
    }
    case 'inject':
      return injected(behind);
    case 'why':
      return why(rest, behind);
    default:
      if (word.startsWith('/'))
        return { kind: 'unclear', why: `There is no ${word}; help lists what there is.` };
      return { kind: 'command', line };
  }
}

const NAME = `(?:"(?<NAME_QUOTED>[^"]+)"|(?<NAME>[^":]+?))`;
const LINE = new RegExp(
  `^${NAME.replaceAll('NAME', 'user')}(?:\\s+in\\s+${NAME.replaceAll('NAME', 'room')})?\\s*:\\s?(?<text>.*)$`,
  'su',
);

function injected(behind: string): Wish {
  const found = LINE.exec(behind)?.groups;
  const user = found?.['user_QUOTED'] ?? found?.['user'];
  const text = found?.['text'] ?? '';
  if (user === undefined || text.trim() === '') return { kind: 'unclear', why: `Say ${INJECT}.` };
  const room = found?.['room_QUOTED'] ?? found?.['room'];
  return { kind: 'inject', line: { user, text, ...(room === undefined ? {} : { room }) } };
}

function why([first, ...names]: readonly string[], behind: string): Wish {
  if (first === undefined) return { kind: 'why', query: {} };
  if (names.length === 0 && DECISION.test(first)) return { kind: 'why', query: { id: first.toLowerCase() } };
  const name = behind.slice(first.length).trim();
  if ((first === 'user' || first === 'room' || first === 'plugin') && name !== '')
    return { kind: 'why', query: { [first]: name } };
  return { kind: 'unclear', why: `Say ${WHY}.` };
}

/** For `help`. */
export const HELP: readonly string[] = [
  'What the bot hears, says and decides appears here as it happens.',
  '  /room NAME, /user NAME, /plugin ID   show only that (without a name: everything again); /all; /quiet on and off',
  `  ${INJECT}`,
  '                                       what would happen to this line; nothing of it happens',
  `  ${WHY}`,
  '  status, plugins, jobs, doctor, help, quit (or Ctrl-D)',
  '  anything else                        a command that a plugin offers here (in: "cli")',
];
