import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as bridge from './webhook-bridge.ts';

const file = new URL('./webhook-bridge.ts', import.meta.url);
const url = 'https://hook.example/x';

describe.each(['inproc', 'worker'] as const)('webhook-bridge, %s', (mode) => {
  it('passes lines on together, in order', async () => {
    await using t = await testBot(bridge, file, { mode, config: { url, rooms: ['indie'], words: ['tea'] } });
    t.web.on('POST', url, {});
    await t.say('al', 'indie', 'Tea?');
    await t.say('bo', 'indie', 'no');
    await t.say('bo', 'indie', 'tea!');
    await t.advance('1m');
    const bodies = t.web.requests.map(
      ({ request }) => JSON.parse(String(request.body)) as { lines: unknown[] },
    );
    expect(bodies.flatMap(({ lines }) => lines)).toEqual([
      { room: 'indie', user: 'al', text: 'Tea?' },
      { room: 'indie', user: 'bo', text: 'tea!' },
    ]);
  });

  it('loses nothing while the other side is down', async () => {
    await using t = await testBot(bridge, file, { mode, config: { url, rooms: ['indie'], kind: 'ntfy' } });
    const down = t.web.on('POST', url, { status: 503 });
    await t.say('al', 'indie', 'one');
    await t.advance('1m');
    down();
    t.web.on('POST', url, {});
    const before = t.web.requests.length;
    await t.downtime('1m');
    await t.advance('1m');
    expect(t.web.requests.slice(before).map(({ request }) => request.body)).toEqual(['[indie] al: one']);
  });

  it('pings nobody over there', async () => {
    await using t = await testBot(bridge, file, { mode, config: { url, rooms: ['indie'], kind: 'discord' } });
    t.web.on('POST', url, {});
    await t.say('al', 'indie', '@everyone *look*');
    await t.advance('30s');
    expect(JSON.parse(String(t.web.requests[0]?.request.body))).toEqual({
      content: '[indie] **al**: @\u200beveryone \\*look\\*',
      allowed_mentions: { parse: [] },
    });
  });
});
