import type { PluginError, WebRequest, WebResponse } from '../../../api/index.ts';
import { isPluginError } from '../plugin-error.ts';

/** A file as slskd asks for it: the whole remote path. */
export interface RemoteFile {
  readonly filename: string;
  /** Bytes. */
  readonly size: number;
}

/** What became of a request to download. */
export type Handed =
  | { readonly how: 'taken' }
  /** Nothing was taken from this user. */
  | { readonly how: 'refused'; readonly why: string }
  /** slskd has too much to do. */
  | { readonly how: 'busy'; readonly waitMs: number | undefined }
  /** slskd itself, or the way to it, is at fault: no other user would help. */
  | { readonly how: 'trouble'; readonly why: string }
  /** This slskd knows no batches. */
  | { readonly how: 'old' };

/** `failed`: it did not come, and slskd tries no more. `cancelled`: by a person. */
export type TransferState = 'pending' | 'succeeded' | 'failed' | 'cancelled';

export interface Transfer {
  readonly id: string;
  readonly filename: string;
  readonly state: TransferState;
  /** Waits in the other user's queue. */
  readonly queued: boolean;
}

/** slskd, or the way to it, is at fault; the message says what to do, for whoever runs the bot. */
export class SlskdTrouble extends Error {
  /** How long slskd wants to be left alone, in milliseconds. */
  readonly waitMs: number | undefined;

  constructor(message: string, waitMs?: number) {
    super(message);
    this.waitMs = waitMs;
  }
}

const TIMEOUT = '30s';
/** A list of downloads can be long. */
const MAX_BYTES = 1_000_000;

type Fetch = (url: string, request: WebRequest) => Promise<WebResponse>;

/** The part of slskd's REST API that a hand-over needs, version 0. [slskd] */
export class SlskdApi {
  readonly #fetch: Fetch;
  readonly #base: string;
  readonly #key: string;

  /** @param url of slskd itself, without `/api`. @param key goes into the header `X-API-Key`. */
  constructor(fetch: Fetch, url: string, key: string) {
    this.#fetch = fetch;
    this.#base = `${url.replace(/\/+$/u, '')}/api/v0`;
    this.#key = key;
  }

  /**
   * The account that slskd uses on Soulseek; undefined while it does not say.
   * @throws SlskdTrouble (as rejection)
   */
  async account(): Promise<string | undefined> {
    const state = await this.#json('/application');
    const name = textAt(state, 'user', 'username');
    if (name !== undefined) return name;
    // It is known from the state only while slskd is logged in.
    return textAt(await this.#json('/options'), 'soulseek', 'username');
  }

  /**
   * Asks for files of one user, under an id of ours, so that a request that is repeated is not two downloads.
   * @param batch a GUID
   */
  async enqueueBatch(batch: string, user: string, files: readonly RemoteFile[]): Promise<Handed> {
    const answer = await this.#post('/transfers/downloads/batches', { id: batch, username: user, files });
    if (!(answer instanceof Answer)) return answer;
    const { status, text } = answer;
    // Conflict: the answer to the first request of this id was lost on its way.
    if (status === 201 || status === 409) return { how: 'taken' };
    if (status === 200 || status === 207) return batchOutcome(text, files.length);
    // Before there were batches this was the address for a user of that name, who takes a list and no object.
    if (status === 400 || status === 405) return { how: 'old' };
    if (status === 404) return { how: 'refused', why: text === '' ? 'the user is offline' : text };
    return answer.trouble();
  }

  /** The same for versions of slskd without batches. */
  async enqueue(user: string, files: readonly RemoteFile[]): Promise<Handed> {
    const answer = await this.#post(`/transfers/downloads/${encodeURIComponent(user)}`, files);
    if (!(answer instanceof Answer)) return answer;
    if (answer.status >= 200 && answer.status < 300) return { how: 'taken' };
    // It answers 500 for a user who is offline, too.
    if (answer.status === 400 || answer.status === 404 || answer.status === 500)
      return { how: 'refused', why: answer.text === '' ? `slskd answers ${answer.status}` : answer.text };
    return answer.trouble();
  }

  /** @returns undefined when slskd knows nothing of it (any more). @throws SlskdTrouble (as rejection) */
  async batch(id: string): Promise<readonly Transfer[] | undefined> {
    const batch = await this.#json(`/transfers/downloads/batches/${id}`);
    return batch === undefined ? undefined : listAt(batch, 'transfers').flatMap(transferOf);
  }

  /** Everything that was asked of a user, the latest last. @throws SlskdTrouble (as rejection) */
  async downloads(user: string): Promise<readonly Transfer[]> {
    const found = await this.#json(`/transfers/downloads/${encodeURIComponent(user)}`);
    return listAt(found, 'directories')
      .flatMap((directory) => listAt(directory, 'files'))
      .sort((a, b) => (textAt(a, 'requestedAt') ?? '').localeCompare(textAt(b, 'requestedAt') ?? ''))
      .flatMap(transferOf);
  }

  /** @throws SlskdTrouble (as rejection) */
  async cancel(user: string, transfer: string): Promise<void> {
    await this.#ask(`/transfers/downloads/${encodeURIComponent(user)}/${transfer}`, { method: 'DELETE' });
  }

  async #post(path: string, body: unknown): Promise<Answer | Handed> {
    try {
      const answer = await this.#ask(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return answer.status === 429 ? { how: 'busy', waitMs: answer.retryAfterMs } : answer;
    } catch (error) {
      if (error instanceof SlskdTrouble) return { how: 'trouble', why: error.message };
      throw error;
    }
  }

  /** Undefined for 404. */
  async #json(path: string): Promise<unknown> {
    const answer = await this.#ask(path, {});
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new SlskdTrouble(answer.trouble().why, answer.retryAfterMs);
    try {
      return JSON.parse(answer.text) as unknown;
    } catch {
      throw new SlskdTrouble('what answers there is not slskd: it sends no JSON');
    }
  }

  async #ask(path: string, request: WebRequest): Promise<Answer> {
    const headers = { accept: 'application/json', 'x-api-key': this.#key, ...request.headers };
    try {
      const options = { ...request, headers, timeout: TIMEOUT, maxBytes: MAX_BYTES, redirects: 0 };
      return new Answer(await this.#fetch(`${this.#base}${path}`, options));
    } catch (error) {
      if (!isPluginError(error, 'web-failed', 'timeout')) throw error;
      throw new SlskdTrouble(this.#explained(error));
    }
  }

  #explained({ code, message }: PluginError): string {
    const { host } = new URL(this.#base);
    if (message.includes('EPRIVATE'))
      return `${host} is not on the public internet: list it in config.yaml, under this plugin: private-hosts: ['${host}']`;
    if (code === 'timeout') return `slskd at ${host} does not answer`;
    return `slskd at ${host} cannot be reached: ${message}`;
  }
}

/** A status with what came along. */
class Answer {
  readonly status: number;
  /** A sentence of slskd's, if it sent one. */
  readonly text: string;
  readonly #headers: Readonly<Record<string, string>>;

  constructor({ status, text, headers }: WebResponse) {
    this.status = status;
    this.text = text;
    this.#headers = headers;
  }

  /** Milliseconds; undefined when it does not say. */
  get retryAfterMs(): number | undefined {
    const value = this.#headers['retry-after'] ?? '';
    if (/^\d{1,6}$/.test(value)) return Number(value) * 1000;
    // A date counts from the clock that sent it along.
    const wait = Date.parse(value) - Date.parse(this.#headers['date'] ?? '');
    return Number.isNaN(wait) ? undefined : Math.max(0, wait);
  }

  trouble(): { readonly how: 'trouble'; readonly why: string } {
    const { status } = this;
    if (status === 401) return { how: 'trouble', why: 'slskd does not know the API key (apiKey)' };
    if (status === 403)
      return {
        how: 'trouble',
        why: 'slskd does not let the API key do this: its role or its addresses (cidr)',
      };
    if (status >= 300 && status < 400)
      return {
        how: 'trouble',
        why: `slskd sends elsewhere (${status}): give the address that it leads to as url`,
      };
    return { how: 'trouble', why: `slskd answers ${status}` };
  }
}

function batchOutcome(text: string, count: number): Handed {
  let failures: readonly unknown[];
  try {
    failures = listAt(JSON.parse(text), 'failures');
  } catch {
    return { how: 'trouble', why: 'what answers there is not slskd: it sends no JSON' };
  }
  // Some will come; those that do not show as failed when they are looked at.
  if (failures.length < count) return { how: 'taken' };
  return { how: 'refused', why: textAt(failures[0], 'message') ?? 'slskd does not say why' };
}

function transferOf(value: unknown): Transfer[] {
  const id = textAt(value, 'id');
  const filename = textAt(value, 'filename');
  if (id === undefined || filename === undefined) return [];
  const state = textAt(value, 'state') ?? '';
  // It ended, and slskd will try again by itself.
  const again = textAt(value, 'nextAttemptAt') !== undefined;
  return [{ id, filename, state: again ? 'pending' : stateOf(state), queued: state.includes('Queued') }];
}

/** A list of words, such as `Completed, TimedOut`. */
function stateOf(state: string): TransferState {
  if (!state.includes('Completed')) return 'pending';
  if (state.includes('Succeeded')) return 'succeeded';
  return state.includes('Cancelled') ? 'cancelled' : 'failed';
}

function at(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = path.reduce(at, value);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const found = at(value, key);
  return Array.isArray(found) ? (found as unknown[]) : [];
}
