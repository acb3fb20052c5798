import { ListError } from '../../bot/moderation/lists/list-document.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { askBot } from '../control/ask-bot.ts';
import { writeSigned } from './list-sign.ts';
import { readSecretKey } from './read-file.ts';

const DAY_MS = 86_400_000;

export interface PublishSettings {
  readonly config: string;
  readonly name: string;
  readonly key: string;
  readonly out?: string;
  readonly room?: string;
  readonly days: number;
  readonly points: number;
}

/** Makes a signed list of those whom the running bot keeps out. */
export async function listPublish({
  config,
  name,
  key,
  out,
  room,
  days,
  points,
}: PublishSettings): Promise<boolean> {
  const secret = readSecretKey(key);
  if (secret === undefined) return false;
  const answer = await askBot(config, 'moderation', { ask: 'banned' });
  if (answer === undefined) return false;
  const now = new RealClock().now();
  const iso = (time: number) => new Date(time).toISOString();
  // Who was put out for an hour is nobody whom other rooms have to know.
  const banned = (answer.banned ?? []).filter(
    (each) => each.kind === 'banned' && (room === undefined || each.room === room),
  );
  const entries = new Map(
    banned.map(({ user, reason, until }) => [
      user,
      {
        user,
        reason: reason.slice(0, 300) || 'banned',
        points,
        ...(until === undefined ? {} : { until: iso(until) }),
      },
    ]),
  );
  try {
    return writeSigned(
      {
        'seekeeper-list': 1,
        name,
        issued: iso(now),
        expires: iso(now + days * DAY_MS),
        entries: [...entries.values()],
      },
      secret,
      out,
    );
  } catch (error) {
    if (!(error instanceof ListError)) throw error;
    process.stderr.write(`seekeeper: ${error.message}\n`);
    return false;
  }
}
