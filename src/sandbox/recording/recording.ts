/** What somebody did in a recorded session. Names are pseudonyms. */
export type RecordedAct =
  | { readonly act: 'say'; readonly room: string; readonly user: string; readonly text: string }
  | { readonly act: 'join' | 'leave'; readonly room: string; readonly user: string }
  | { readonly act: 'ticker'; readonly room: string; readonly user: string; readonly text: string }
  | { readonly act: 'pm'; readonly user: string; readonly text: string }
  | { readonly act: 'status'; readonly user: string; readonly status: 'online' | 'away' | 'offline' };

/** An act, and when. */
export type RecordedEntry = RecordedAct & {
  /** Milliseconds since the recording began. */
  readonly at: number;
};

/** A session as a file: a line of JSON about it, then one for every act, in order. */
export interface Recording {
  /** When it began, milliseconds since the epoch. */
  readonly began: number;
  readonly entries: readonly RecordedEntry[];
}

const KIND = 'seekeeper-recording';
const VERSION = 1;

/** The first line of a recording. */
export function recordingHead(began: number): string {
  return JSON.stringify({ kind: KIND, version: VERSION, began: new Date(began).toISOString() });
}

/** @throws Error that names the line which cannot be read. */
export function parseRecording(text: string): Recording {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const head = read(lines[0] ?? '', 1);
  if (head['kind'] !== KIND || head['version'] !== VERSION)
    throw new Error('This is not a recording that this version can read');
  const began = Date.parse(String(head['began']));
  if (Number.isNaN(began)) throw new Error('Line 1 of the recording does not say when it began');
  let last = 0;
  const entries = lines.slice(1).map((line, index) => {
    const entry = entryOf(read(line, index + 2), index + 2);
    if (entry.at < last) throw new Error(`Line ${index + 2} of the recording is earlier than the one before`);
    last = entry.at;
    return entry;
  });
  return { began, entries };
}

/** The rooms in which anything happens. */
export function roomsIn({ entries }: Recording): readonly string[] {
  return [...new Set(entries.flatMap((entry) => ('room' in entry ? [entry.room] : [])))];
}

type Raw = Readonly<Record<string, unknown>>;

function read(line: string, number: number): Raw {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Raw;
  } catch {
    // Told below.
  }
  throw new Error(`Line ${number} of the recording is not JSON`);
}

function entryOf(raw: Raw, number: number): RecordedEntry {
  const fail = (): never => {
    throw new Error(`Line ${number} of the recording is no act that this version knows`);
  };
  const text = (key: string): string => {
    const value = raw[key];
    return typeof value === 'string' ? value : fail();
  };
  const { at, act, status } = raw;
  if (typeof at !== 'number' || !(at >= 0)) return fail();
  const user = text('user');
  switch (act) {
    case 'say':
    case 'ticker':
      return { at, act, user, room: text('room'), text: text('text') };
    case 'join':
    case 'leave':
      return { at, act, user, room: text('room') };
    case 'pm':
      return { at, act, user, text: text('text') };
    case 'status':
      return status === 'online' || status === 'away' || status === 'offline'
        ? { at, act, user, status }
        : fail();
    default:
      return fail();
  }
}
