import { StringDecoder } from 'node:string_decoder';

/** One request per connection, as one line of JSON. */
export interface ControlRequest {
  readonly command: string;
  /** Plain data. */
  readonly args?: unknown;
}

/** What the bot answers: any number of `data` lines, then one `result` or `error`, then it closes. */
export type ControlFrame =
  | { readonly type: 'data'; readonly data: unknown }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly code: string; readonly message: string };

/** Longest text that is handed over with a command, in UTF-16 code units. */
export const MAX_INPUT = 4 * 1024 * 1024;
/** Longest request, in UTF-16 code units: in JSON a character of the input may take two and more. */
export const MAX_REQUEST = 2 * MAX_INPUT;
/** Longest line of an answer, in UTF-16 code units. */
export const MAX_ANSWER = 8 * 1024 * 1024;

/** Cuts a stream of bytes into lines, within a cap. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #cap: number;
  #rest = '';

  constructor(cap: number) {
    this.#cap = cap;
  }

  /** @returns the lines that are complete now; undefined when one is longer than the cap. */
  push(chunk: Buffer): readonly string[] | undefined {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    return this.#rest.length > this.#cap || lines.some((line) => line.length > this.#cap) ? undefined : lines;
  }
}

/** @returns undefined when the line is no request. */
export function parseRequest(line: string): ControlRequest | undefined {
  const value = parseObject(line);
  const command = value?.['command'];
  return value === undefined || typeof command !== 'string' ? undefined : { command, args: value['args'] };
}

/** @returns undefined when the line is no frame. */
export function parseFrame(line: string): ControlFrame | undefined {
  const value = parseObject(line);
  switch (value?.['type']) {
    case 'data':
      return { type: 'data', data: value['data'] };
    case 'result':
      return { type: 'result', result: value['result'] };
    case 'error':
      return { type: 'error', code: String(value['code']), message: String(value['message']) };
    default:
      return undefined;
  }
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
