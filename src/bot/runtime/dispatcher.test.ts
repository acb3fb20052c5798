import { expect, it } from 'vitest';
import type { ClientEvents } from '../../network/events.ts';
import { Emitter } from '../../platform/emitter.ts';
import { memoryLog } from '../../platform/memory-log.ts';
import type { AnyEvent } from '../../plugins/api/events.ts';
import type { LineVerdict } from '../commands/command-ports.ts';
import { Dispatcher } from './dispatcher.ts';
import { EventTranslator } from './events.ts';
import { RoomRefs } from './room-refs.ts';

function setUp(
  command: (text: string) => Promise<LineVerdict> = async () => 'talk',
  judging?: ConstructorParameters<typeof Dispatcher>[0]['judging'],
) {
  const source = new Emitter<ClientEvents>((error) => {
    throw error;
  });
  const observed: AnyEvent[] = [];
  const asked: string[] = [];
  const log = memoryLog();
  let isPrivate = false;
  const refs = new RoomRefs({ standing: () => 'visitor', get: () => ({ private: isPrivate }) });
  const dispatcher = new Dispatcher({
    self: 'me',
    log,
    refs,
    events: new EventTranslator((room) => refs.of(room), 'run'),
    intercept: () => undefined,
    ...(judging !== undefined && { judging }),
    command: (line) => {
      asked.push(line.text);
      return command(line.text);
    },
    observe: async (event) => {
      observed.push(event);
      return { handled: 1, failed: 0, dropped: 0, unfinished: 0 };
    },
  });
  const say = (user: string, text: string, own = false) =>
    source.emit('room.message', { room: 'indie', user, text, own, at: 5 });
  return { source, observed, asked, log, dispatcher, say, makePrivate: () => (isPrivate = true) };
}

it('gives every event an id of its own, and what the network said', async () => {
  const { source, observed, dispatcher, say } = setUp();
  dispatcher.connect(source);
  say('al', 'hi');
  source.emit('notice', {
    key: 'n',
    notice: { kind: 'already-member', user: 'al', room: 'den', text: 'x' },
    at: 6,
  });
  source.emit('state', {
    state: { name: 'connecting', attempt: 2 },
    was: { name: 'connecting', attempt: 1 },
    at: 7,
  });
  source.emit('user.status', { user: 'me', status: 'online', privileged: false, at: 8 });
  await dispatcher.idle();
  const notice = observed.find(({ type }) => type === 'notice');
  expect(notice).toEqual({
    type: 'notice',
    id: 'run-2',
    at: 6,
    kind: 'already-member',
    text: 'x',
    room: 'den',
    user: 'al',
  });
  const message = observed.find(({ type }) => type === 'room.message');
  const room = { name: 'indie', private: false, standing: 'visitor' };
  expect(message).toEqual({
    type: 'room.message',
    id: 'run-1',
    at: 5,
    room,
    user: 'al',
    text: 'hi',
    own: false,
  });
  expect(observed).toHaveLength(2);
});

it('never takes our own line for a command, but shows it to plugins', async () => {
  const { source, observed, asked, dispatcher, say } = setUp();
  dispatcher.connect(source);
  say('me', '!help', true);
  say('al', '!help');
  await dispatcher.idle();
  expect(asked).toEqual(['!help']);
  expect(observed).toHaveLength(2);
});

it('learns anew whether a room is private when it is entered again', async () => {
  const { source, observed, dispatcher, say, makePrivate } = setUp();
  dispatcher.connect(source);
  say('al', 'one');
  makePrivate();
  say('al', 'two');
  source.emit('room.exited', { room: 'indie', reason: 'disconnected', at: 1 });
  say('al', 'three');
  await dispatcher.idle();
  const kinds = observed.flatMap((event) => (event.type === 'room.message' ? [event.room.private] : []));
  expect(kinds).toEqual([false, false, true]);
});

it('says whether a private message was handled to its end', async () => {
  const { dispatcher } = setUp(async (text) => (text === 'cut' ? 'unfinished' : 'ran'));
  const message = (text: string) => ({ key: text, user: 'al', text, sentAt: 0, replayed: false, at: 0 });
  expect(await dispatcher.deliver(message('whole'), false).handled).toBe(true);
  expect(await dispatcher.deliver(message('cut'), true).handled).toBe(false);
});

it('takes in a bounded number of events behind a command that hangs, and nothing after it was stopped', async () => {
  const { source, observed, log, dispatcher, say } = setUp(() => new Promise(() => {}));
  const undo = dispatcher.connect(source);
  for (let i = 0; i < 10_100; i += 1) say('al', 'x');
  expect(dispatcher.active).toBe(10_000);
  expect(log.at('error')).toHaveLength(3);
  dispatcher.stop();
  undo();
  say('bob', 'x');
  expect(dispatcher.active).toBe(10_000);
  expect(observed).toEqual([]);
});

it('asks rules at once and in order; a line waits for its own judgement before its command, others do not', async () => {
  const asked: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const t = setUp(undefined, (event) => {
    asked.push(`${event.type} ${event.user}`);
    return event.user === 'al' ? () => held : undefined;
  });
  t.dispatcher.connect(t.source);
  t.say('al', 'one');
  t.say('bob', 'two');
  t.say('me', 'own', true);
  const stats = { avgSpeed: 0, uploads: 0, files: 0, folders: 0 };
  t.source.emit('room.join', { room: 'indie', user: 'al', status: 'online', stats, country: '', at: 6 });
  expect(asked).toEqual(['room.message al', 'room.message bob', 'room.message me', 'room.join al']);
  await Promise.resolve().then(() => Promise.resolve());
  while (t.observed.length < 2) await Promise.resolve();
  expect(t.asked).toEqual(['two']);
  release();
  await t.dispatcher.idle();
  expect(t.asked).toEqual(['two', 'one']);
  expect(t.observed.map((event) => ('user' in event ? `${event.type} ${event.user}` : ''))).toEqual([
    'room.message me',
    'room.message bob',
    'room.message al',
    'room.join al',
  ]);
});
