import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Clock } from '../../../platform/clock.ts';
import type { JsonlChannel } from '../channel-config.ts';
import type { Outcome, Parcel, Sender } from '../parcel.ts';
import { webhookBody } from './webhook.ts';
import { assertFile, fileTrouble } from './whole-file.ts';

/** What is looked at of the end of the file, in bytes: more than the longest line. */
const TAIL = 2 * 1024 * 1024;
const NEWLINE = 0x0a;

/** A file that grows by a line of JSON. Whether a line is there is seen in the file itself, so that none comes twice. */
export class JsonlSender implements Sender {
  readonly #channel: JsonlChannel;
  readonly #clock: Clock;

  constructor(channel: JsonlChannel, clock: Clock) {
    this.#channel = channel;
    this.#clock = clock;
  }

  async send(parcel: Parcel): Promise<Outcome> {
    const { path, name } = this.#channel;
    const hold = this.#clock.hold('a line is appended to a file');
    try {
      await assertFile(path);
      const file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      try {
        await append(file, parcel.id, `${webhookBody(parcel, name)}\n`);
      } finally {
        await file.close();
      }
      return { how: 'told' };
    } catch (error) {
      return { how: 'failed', problem: fileTrouble(error) };
    } finally {
      hold.release();
    }
  }
}

async function append(file: FileHandle, id: string, line: string): Promise<void> {
  const { size } = await file.stat();
  const from = Math.max(0, size - TAIL);
  const tail = Buffer.alloc(size - from);
  await file.read(tail, 0, tail.length, from);
  const whole = tail.lastIndexOf(NEWLINE) + 1;
  const rest = tail.subarray(whole).toString('utf8');
  const lines = tail.subarray(0, whole).toString('utf8').split('\n');
  if (lines.some((other) => isLine(other, id))) return;
  // The process ended in the middle of a line: half of one is of no use to anybody.
  const torn = rest !== '' && !isJson(rest);
  const at = torn ? from + whole : size;
  if (torn) await file.truncate(at);
  await file.write(rest === '' || torn ? line : `\n${line}`, at);
  await file.sync();
}

function isLine(line: string, id: string): boolean {
  // Reading every line as JSON would be slow; an id is in no other place so early.
  return line.slice(0, 200).includes(`"id":"${id}"`);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
