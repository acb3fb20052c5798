import { expect, it } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import type { ControlStream } from '../control/control-server.ts';
import { streamWatched } from './stream-watched.ts';
import type { PrivateTexts, Watched } from './watched.ts';
import { Watchers } from './watchers.ts';

const pm = (text: string): Watched => ({
  kind: 'event',
  at: 1,
  event: {
    type: 'private.message',
    id: '1',
    at: 1,
    user: 'al',
    text,
    sentAt: 1,
    replayed: false,
    redelivered: false,
  },
});
const said: Watched = { kind: 'said', at: 2, by: 'seen', user: 'al', text: 'secret answer' };
const loud: Watched = { kind: 'said', at: 2, by: 'seen', room: 'indie', user: 'al', text: 'for all' };

const textOf = (watched: Watched) =>
  watched.kind === 'event' && 'text' in watched.event
    ? watched.event.text
    : watched.kind === 'said'
      ? watched.text
      : undefined;

it.each<[PrivateTexts | undefined, readonly string[]]>([
  [undefined, ['(private)', '(private)', '(private)', 'for all']],
  ['none', ['(private)', '(private)', '(private)', 'for all']],
  ['commands', ['seen bob', '(private)', '(private)', 'for all']],
  ['all', ['seen bob', 'psst', 'secret answer', 'for all']],
])('tells private texts as asked for: %s', (privateTexts, told) => {
  const watchers = new Watchers(memoryLog(), (text) => text.startsWith('seen'));
  const texts: unknown[] = [];
  watchers.add((watched) => texts.push(textOf(watched)), privateTexts === undefined ? {} : { privateTexts });
  for (const one of [pm('seen bob'), pm('psst'), said, loud]) watchers.tell(() => one);
  expect(texts).toEqual(told);
});

it('makes nothing while nobody watches, and drops a watcher that throws', () => {
  const log = memoryLog();
  const watchers = new Watchers(log, () => false);
  let made = 0;
  const tell = () =>
    watchers.tell(() => {
      made += 1;
      return said;
    });
  tell();
  expect(made).toBe(0);
  let heard = 0;
  watchers.add(() => {
    throw new Error('no');
  });
  const end = watchers.add(() => {
    heard += 1;
  });
  tell();
  tell();
  expect([made, heard, log.lines.length]).toEqual([2, 2, 1]);
  end();
  tell();
  expect(made).toBe(2);
});

it('keeps nothing for a reader that is behind, and tells it how much it missed', async () => {
  const watchers = new Watchers(memoryLog(), () => false);
  const bot = {
    watch: watchers.add.bind(watchers),
    client: { username: 'keeper', rooms: { known: () => [] } },
  };
  const sent: unknown[] = [];
  let unsent = 0;
  const away = new AbortController();
  const stream: ControlStream = {
    emit: (data) => void sent.push(data),
    unsent: () => unsent,
    signal: away.signal,
  };
  const streaming = streamWatched(bot, {}, stream);
  watchers.tell(() => loud);
  unsent = 2_000_000;
  watchers.tell(() => loud);
  watchers.tell(() => loud);
  unsent = 0;
  watchers.tell(() => loud);
  away.abort();
  await streaming;
  watchers.tell(() => loud);
  expect(sent).toEqual([
    { kind: 'present', self: 'keeper', rooms: {} },
    loud,
    { kind: 'lost', count: 2 },
    loud,
  ]);
});
