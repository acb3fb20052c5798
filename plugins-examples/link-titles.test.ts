import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';
import * as linkTitles from './link-titles.ts';

const file = new URL('./link-titles.ts', import.meta.url);
const html = (body: string) => ({ headers: { 'content-type': 'text/html; charset=utf-8' }, body });

describe.each(['inproc', 'worker'] as const)('link-titles, %s', (mode) => {
  it('tells the title, once', async () => {
    await using t = await testBot(linkTitles, file, { mode, config: { rooms: ['indie'] } });
    t.web.on(
      'https://a.example/x',
      html('<html><title>\n Tea &amp; caf&#233; &#x2014; a\u0000 list </title>'),
    );
    await t.say('al', 'indie', 'look: https://a.example/x, nice');
    await t.advance('1m');
    await t.say('bo', 'indie', 'https://a.example/x');
    await t.advance('1m');
    expect(t.text('indie')).toEqual(['Tea & café — a list (a.example)']);
  });

  it('does not look into the network that it lives in, not even by a redirect', async () => {
    await using t = await testBot(linkTitles, file, { mode, config: { rooms: ['indie'] } });
    t.web.on('http://127.0.0.1/', html('<title>secret</title>'));
    t.web.on('http://10.0.0.1/', html('<title>secret</title>'));
    t.web.on('http://a.example/', { status: 302, headers: { Location: 'http://10.0.0.1/' } });
    for (const link of ['http://127.0.0.1/', 'http://localhost/', 'http://a.example/', 'http://[::1]/']) {
      await t.say('al', 'indie', link);
      await t.advance('30s');
    }
    expect(t.text('indie')).toEqual([]);
    expect(t.web.requests.map(({ request }) => request.url)).toEqual(['http://a.example/']);
  });

  it('says nothing about what is no page, fails, or is not to be told', async () => {
    const config = { rooms: ['indie'], ignore: ['b.example'], longest: 20 };
    await using t = await testBot(linkTitles, file, { mode, config });
    t.web.on('https://a.example/', { headers: { 'content-type': 'image/png' }, body: '<title>no</title>' });
    t.web.on('https://b.example/', html('<title>no</title>'));
    t.web.on('https://c.example/', { ...html('<title>no</title>'), status: 404 });
    t.web.on('https://d.example/', html(`<title>${'long '.repeat(100)}</title>`));
    for (const host of ['a', 'b', 'c', 'gone', 'd']) {
      await t.say('al', 'indie', `https://${host}.example/`);
      await t.advance('30s');
    }
    expect(t.text('indie')).toEqual(['long long long long… (d.example)']);
  });
});
