import { dirname, resolve } from 'node:path';
import { readConsequence } from '../../bot/moderation/consequences/consequence.ts';
import { ListError } from '../../bot/moderation/lists/list-document.ts';
import { type PreviewPlace, previewLines } from '../../bot/moderation/lists/list-preview.ts';
import { WebAndFiles } from '../../bot/moderation/lists/list-source.ts';
import { loadList } from '../../bot/moderation/lists/load-list.ts';
import { isPublicKey } from '../../bot/moderation/lists/signature.ts';
import { FetchHttp } from '../../platform/real/fetch-http.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { askBot } from '../control/ask-bot.ts';
import { printable } from '../terminal/printable.ts';

/** So long may the id of a list be in the config. */
const MAX_ID = 27;

export interface PreviewSettings {
  readonly config: string;
  readonly key: string;
  readonly atMost: string;
  /** Ask the running bot who is in its rooms. */
  readonly rooms: boolean;
}

/** Reads a list as a subscription would, and says whom it would concern. Nothing is kept. */
export async function listPreview(from: string, settings: PreviewSettings): Promise<boolean> {
  const { config, key, atMost, rooms } = settings;
  if (!isPublicKey(key)) {
    process.stderr.write('seekeeper: --key takes the public key of whoever publishes the list: ed25519:…\n');
    return false;
  }
  const strongest = readConsequence(atMost);
  if ('problem' in strongest) {
    const hint = strongest.nearest === undefined ? '' : `; did you mean ${strongest.nearest}?`;
    process.stderr.write(`seekeeper: --at-most ${printable(atMost)}: ${strongest.problem}${hint}\n`);
    return false;
  }
  let places: readonly PreviewPlace[] = [];
  if (rooms) {
    const answer = await askBot(config, 'moderation', { ask: 'places' });
    if (answer === undefined) return false;
    places = answer.places ?? [];
  }
  const clock = new RealClock();
  const source = new WebAndFiles(new FetchHttp(), dirname(resolve(config)));
  try {
    const list = await loadList(from, key, source, clock.now());
    for (const line of previewLines({ list, atMost, places })) process.stdout.write(`${printable(line)}\n`);
    process.stdout.write(
      `\nTo subscribe, in config.yaml:\n  moderation:\n    lists:\n      ${idOf(list.name)}: { from: ${JSON.stringify(from)}, key: ${JSON.stringify(key)}, at-most: ${atMost} }\n`,
    );
    return true;
  } catch (error) {
    if (!(error instanceof ListError)) throw error;
    process.stderr.write(`seekeeper: ${from}: ${error.message}\n`);
    return false;
  }
}

function idOf(name: string): string {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, MAX_ID)
    .replace(/-+$/, '');
  return id === '' ? 'list' : id;
}
