import { expect, test } from 'vitest';
import { FakeLink } from '../../fake-link.test-support.ts';
import { FakeTree } from './fake-requests.test-support.ts';
import { RequestStream, type SearchRequest } from './request-stream.ts';

function setUp() {
  const link = new FakeLink();
  const tree = new FakeTree();
  const stream = new RequestStream({ link, tree });
  const heard: SearchRequest[] = [];
  return { link, tree, stream, heard, listen: () => stream.listen((request) => heard.push(request)) };
}

test('requests from server and tree are one stream', () => {
  const { link, tree, heard, listen } = setUp();
  listen();
  link.says({ type: 'FileSearch', username: 'al', token: 5, query: 'one' });
  tree.emit([{ user: 'bo', token: 6, query: 'two' }]);
  expect(heard).toEqual([
    { user: 'al', token: 5, query: 'one', source: 'server' },
    { user: 'bo', token: 6, query: 'two', source: 'tree' },
  ]);
});

test('our own, repeated and malformed ones are left out', () => {
  const { link, tree, stream, heard, listen } = setUp();
  listen();
  const one = { user: 'al', token: 1, query: 'one' };
  tree.emit([one, one, { ...one, token: 2 }, one]);
  link.says({ type: 'FileSearch', username: 'al', token: 1, query: 'one' });
  tree.search('bot', 'mine');
  tree.search('', 'nobody');
  tree.search('x'.repeat(257), 'long name');
  tree.search('al', 'x'.repeat(513), '');
  expect(heard.map(({ token, query }) => [token, query])).toEqual([
    [1, 'one'],
    [2, 'one'],
    [1, 'one'],
    [expect.any(Number), ''],
  ]);
  expect(stream.counts).toEqual({ received: 10, repeated: 2, own: 1, malformed: 3 });
});

test('nothing is decoded while nobody listens', () => {
  const { tree, stream, listen, heard } = setUp();
  expect(tree.connected).toBe(false);
  const [first, second] = [listen(), listen()];
  tree.search('al', 'x');
  expect(heard).toHaveLength(2);
  first();
  first();
  expect(tree.connected).toBe(true);
  second();
  expect(tree.connected).toBe(false);
  tree.search('al', 'y');
  expect(tree.decoded).toBe(1);
  listen();
  tree.search('al', 'z');
  expect(stream.counts.received).toBe(2);
});
