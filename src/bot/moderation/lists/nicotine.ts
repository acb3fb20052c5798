/*
 * The ban and ignore lists of Nicotine+: in its config file, under [server], `banlist` and `ignorelist` are Python lists of
 * user names [Nicotine+ config].
 */

/** Names that somebody bans and ignores in Nicotine+. */
export interface NicotineLists {
  readonly banned: readonly string[];
  readonly ignored: readonly string[];
}

/** A line of a config that could not be read. */
export class NicotineError extends Error {
  override readonly name = 'NicotineError';
  readonly line: number;

  constructor(line: number, message: string) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

const KEYS = { banlist: 'banned', ignorelist: 'ignored' } as const;
const ENTRY = /^\s*(banlist|ignorelist)\s*=\s*(.*)$/;
const SECTION = /^\s*\[([^\]]*)\]\s*$/;

/** Reads both lists out of a config. One that is not there is empty. @throws NicotineError */
export function readNicotine(config: string): NicotineLists {
  const found: { banned: readonly string[]; ignored: readonly string[] } = { banned: [], ignored: [] };
  for (const { key, value, line } of entriesOf(config)) found[KEYS[key]] = readPythonList(value, line);
  return found;
}

/**
 * The same config with more names on its lists; everything else stays as it is. What is not there is added. Nicotine+ must
 * not run meanwhile: it writes its config when it ends.
 * @throws NicotineError
 */
export function mergeNicotine(config: string, more: NicotineLists): string {
  const known = readNicotine(config);
  const merged = {
    banlist: writePythonList([...new Set([...known.banned, ...more.banned])]),
    ignorelist: writePythonList([...new Set([...known.ignored, ...more.ignored])]),
  };
  const lines = config === '' ? [] : config.split('\n');
  const missing = new Set<keyof typeof KEYS>(['banlist', 'ignorelist']);
  for (const { key, line } of entriesOf(config)) {
    lines[line - 1] = `${key} = ${merged[key]}`;
    missing.delete(key);
  }
  const added = [...missing].map((key) => `${key} = ${merged[key]}`);
  if (added.length === 0) return lines.join('\n');
  const section = lines.findIndex((line) => SECTION.exec(line)?.[1] === 'server');
  if (section >= 0) lines.splice(section + 1, 0, ...added);
  else lines.push('[server]', ...added, '');
  return lines.join('\n');
}

function* entriesOf(config: string) {
  let section = '';
  for (const [index, text] of config.split('\n').entries()) {
    section = SECTION.exec(text)?.[1] ?? section;
    const entry = section === 'server' ? ENTRY.exec(text) : null;
    if (entry !== null) yield { key: entry[1] as keyof typeof KEYS, value: entry[2]!, line: index + 1 };
  }
}

/** A Python list of texts, and nothing else: `['ann', "bob's"]`. @throws NicotineError */
function readPythonList(text: string, line: number): readonly string[] {
  const wrong = () => new NicotineError(line, "expected a list of names such as ['ann', 'bob']");
  const body = /^\[(.*)\]\s*$/s.exec(text.trim())?.[1];
  if (body === undefined) throw wrong();
  const names: string[] = [];
  let rest = body.trim();
  while (rest !== '') {
    const match = /^(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\s*(,|$)\s*/s.exec(rest);
    if (match === null) throw wrong();
    names.push(unquoted(match[1] ?? match[2] ?? '', wrong));
    rest = rest.slice(match[0].length);
  }
  return names;
}

function unquoted(text: string, wrong: () => NicotineError): string {
  return text.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/gs, (_all, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (code === '\\' || code === "'" || code === '"') return code;
    if (code === 'n') return '\n';
    if (code === 't') return '\t';
    throw wrong();
  });
}

function writePythonList(names: readonly string[]): string {
  const quoted = names.map((name) => {
    const escaped = name.replace(/[\\']/g, '\\$&').replace(/\n/g, '\\n');
    return `'${escaped}'`;
  });
  return `[${quoted.join(', ')}]`;
}
