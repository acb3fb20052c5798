import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Http, HttpError } from '../../../platform/http.ts';
import { ListError, MAX_LIST_BYTES } from './list-document.ts';

const TIMEOUT_MS = 30_000;

/** Reads the text of a list from where it is. */
export interface ListSource {
  /** @throws ListError `unreadable`, `too-large` (as rejection) */
  read(from: string): Promise<string>;
}

/** Files beside the config, and HTTPS on the public internet. */
export class WebAndFiles implements ListSource {
  readonly #http: Http;
  readonly #baseDir: string;

  constructor(http: Http, baseDir: string) {
    this.#http = http;
    this.#baseDir = baseDir;
  }

  async read(from: string): Promise<string> {
    if (isWeb(from)) return this.#fetch(from);
    if (/^[a-z][a-z0-9+.-]+:/i.test(from))
      throw new ListError('unreadable', `${from}: lists are read from files and over https`);
    try {
      return await readBounded(resolve(this.#baseDir, from), from);
    } catch (error) {
      if (error instanceof ListError) throw error;
      throw new ListError('unreadable', `${from} cannot be read: ${(error as Error).message}`);
    }
  }

  async #fetch(url: string): Promise<string> {
    try {
      const { status, body } = await this.#http.request({
        method: 'GET',
        url,
        headers: { accept: 'application/json' },
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_LIST_BYTES,
        publicOnly: true,
      });
      if (status !== 200) throw new ListError('unreadable', `${url} answers ${status}`);
      return Buffer.from(body).toString('utf8');
    } catch (error) {
      if (error instanceof ListError) throw error;
      if (error instanceof HttpError && error.code === 'ETOOLARGE')
        throw new ListError('too-large', `${url} is larger than ${MAX_LIST_BYTES / 1024} kB`);
      throw new ListError('unreadable', `${url} cannot be reached: ${(error as Error).message}`);
    }
  }
}

/** Devices and pipes have no end. */
async function readBounded(path: string, from: string): Promise<string> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const { size } = await regular(file, from);
    if (size > MAX_LIST_BYTES)
      throw new ListError('too-large', `${from} is larger than ${MAX_LIST_BYTES / 1024} kB`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}

async function regular(file: FileHandle, from: string) {
  const stat = await file.stat();
  if (stat.isFile()) return stat;
  throw new ListError('unreadable', `${from} is no file`);
}

/** Whether a place is on the web; all others are on this machine. */
export const isWeb = (from: string): boolean => /^https:/i.test(from);
