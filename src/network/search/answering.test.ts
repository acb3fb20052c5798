import { expect, test } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { decodePeerMessage, type PeerMessage } from '../../protocol/index.ts';
import type { SearchTree } from '../distributed/search-tree.ts';
import { FakeLink, settled } from '../fake-link.test-support.ts';
import type { PeerMessaging } from '../peers/peer-messaging.ts';
import { type AnswerSink, type SearchAnswer, SearchAnswering } from './answering.ts';
import { ExcludedPhrases } from './excluded-phrases.ts';
import { file } from './fake-results.test-support.ts';
import { FakeTree } from './requests/fake-requests.test-support.ts';
import { type RequestSource, RequestStream } from './requests/request-stream.ts';
import type { ResultSource } from './searches.ts';

function setUp() {
  const link = new FakeLink();
  const tree = new FakeTree();
  const clock = new VirtualClock();
  const log = memoryLog();
  const answers: { user: string; message: PeerMessage }[] = [];
  const sink: AnswerSink = {
    send: async (user, frame, options) => {
      expect(options).toEqual({ priority: 'answer' });
      const decoded = decodePeerMessage(frame.subarray(4));
      if (!decoded.ok) throw decoded.error;
      answers.push({ user, message: decoded.message });
      return { state: user === 'gone' ? 'failed' : 'sent' };
    },
  };
  const answering = new SearchAnswering({
    stream: new RequestStream({ link, tree }),
    link,
    sink,
    clock,
    log,
    phrases: new ExcludedPhrases(link),
    status: () => ({ slotFree: true, avgSpeed: 1234, queueLength: 0 }),
  });
  const names = () =>
    answers.map(({ message }) =>
      message.type === 'FileSearchResponse' ? message.results.map(({ filename }) => filename) : [],
    );
  return { link, tree, clock, log, answering, answers, sink, names };
}

test('the peer network and the tree fit the ports', () => {
  const fits = (peers: PeerMessaging, tree: SearchTree): [ResultSource, AnswerSink, RequestSource] => [
    peers,
    peers,
    tree,
  ];
  expect(fits).toBeTypeOf('function');
});

test('an answer has our name, their token, and no list of locked files unless there are some', async () => {
  const { tree, answering, answers } = setUp();
  answering.add({
    answer: ({ asked, user }) => ({
      results: [file(`a\\${asked.words.join('-')}`)],
      ...(user === 'bo' && { locked: [file('b\\secret')] }),
    }),
  });
  tree.emit([{ user: 'al', token: 77, query: 'Some Song -live' }]);
  tree.search('bo', 'x y');
  await settled();
  expect(answers).toEqual([
    {
      user: 'al',
      message: {
        type: 'FileSearchResponse',
        username: 'bot',
        token: 77,
        results: [file('a\\some-song')],
        slotFree: true,
        avgSpeed: 1234,
        queueLength: 0,
        unknown: 0,
      },
    },
    expect.objectContaining({
      user: 'bo',
      message: expect.objectContaining({ privateResults: [file('b\\secret')] }) as PeerMessage,
    }),
  ]);
});

test('nobody is bothered with nothing, and we do not answer ourselves', async () => {
  const { tree, answering, answers } = setUp();
  const asked: string[] = [];
  answering.add({
    answer: ({ query }) => {
      asked.push(query);
      return query === 'none' ? undefined : { results: [], locked: [] };
    },
  });
  tree.search('al', 'none', 'empty', '-only', '*ending', '', '♥');
  tree.search('bot', 'mine');
  await settled();
  expect(asked).toEqual(['none', 'empty']);
  expect(answers).toEqual([]);
  expect(answering.counts).toMatchObject({ asked: 2, answered: 0 });
});

test('files with excluded phrases are left out; the list may change at any time', async () => {
  const { link, tree, answering, names } = setUp();
  answering.add({ answer: () => ({ results: [file('A\\Bad Thing.mp3'), file('a\\good.mp3')] }) });
  answering.add({ answer: () => ({ results: [], locked: [file('BAD THING')] }) });
  link.says({ type: 'ExcludedSearchPhrases', phrases: ['bad thing', ''] });
  tree.search('al', 'one');
  link.says({ type: 'ExcludedSearchPhrases', phrases: ['MP3', 'bad'] });
  tree.search('al', 'two');
  link.says({ type: 'ExcludedSearchPhrases', phrases: [] });
  tree.search('al', 'three');
  await settled();
  expect(names()).toEqual([['a\\good.mp3'], ['A\\Bad Thing.mp3', 'a\\good.mp3']]);
  expect(answering.counts.excluded).toBe(5);
});

test('several answerers make one answer of 300 files at most, each once', async () => {
  const { tree, answering, names } = setUp();
  const lots = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => file(`f ${from + i}`));
  const late = Promise.resolve({ results: lots(0, 200) });
  answering.add({ answer: () => late });
  answering.add({ answer: () => ({ results: lots(100, 500) }) });
  tree.search('al', 'one');
  await settled();
  expect(names()).toEqual([lots(0, 300).map(({ filename }) => filename)]);
});

test('10 look-ups at a time, 500 waiting, the rest is shed; what waits too long is not answered', async () => {
  const { clock, tree, answering, names } = setUp();
  const open: ((answer: SearchAnswer) => void)[] = [];
  answering.add({ answer: () => new Promise((resolve) => open.push(resolve)) });
  tree.search('al', ...Array.from({ length: 600 }, (_, i) => `q ${i}`));
  expect(open).toHaveLength(10);
  expect(answering.counts).toMatchObject({ asked: 600, shed: 90 });
  for (const resolve of open.splice(0)) resolve({ results: [file('x')] });
  await settled();
  expect(open).toHaveLength(10);
  expect(names()).toHaveLength(10);
  await clock.advance(10_000);
  await clock.advance(10_000);
  await clock.advance(10_001);
  await clock.advance(10_000);
  expect(answering.counts.stale).toBe(600 - 90 - 10 - 4 * 10);
});

test('who hangs or throws keeps nobody else from answering', async () => {
  const { clock, tree, log, answering, names } = setUp();
  answering.add({ answer: () => new Promise(() => {}) });
  answering.add({
    answer: () => {
      throw new Error('no');
    },
  });
  answering.add({ answer: () => Promise.reject(new Error('no')) });
  answering.add({ answer: () => ({ results: [file('x')] }) });
  tree.search('al', 'one');
  await clock.advance(10_000);
  expect(names()).toEqual([['x']]);
  expect(log.at('error')).toHaveLength(2);
});

test('answers that fail, or cannot be written, are counted', async () => {
  const { tree, answering, log } = setUp();
  answering.add({ answer: ({ query }) => ({ results: [file('x', { size: query === 'bad' ? -1n : 1n })] }) });
  tree.search('gone', 'one');
  tree.search('al', 'bad', 'good');
  await settled();
  expect(answering.counts).toMatchObject({ sent: 1, failed: 2 });
  expect(log.lines).toHaveLength(1);
});

test('a burst of answers is bounded while connections are made', async () => {
  const { tree, answering, sink } = setUp();
  sink.send = () => new Promise(() => {});
  answering.add({ answer: () => ({ results: [file('x')] }) });
  tree.search('al', ...Array.from({ length: 600 }, (_, i) => `q ${i}`));
  expect(answering.counts).toMatchObject({ answered: 600, shed: 100 });
});

test('without answerers nothing is decoded', () => {
  const { tree, answering } = setUp();
  const undo = [answering.add({ answer: () => undefined }), answering.add({ answer: () => undefined })];
  tree.search('al', 'one');
  for (const run of undo) run();
  tree.search('al', 'two');
  expect([tree.decoded, tree.connected]).toEqual([1, false]);
});
