import { definePlugin, type SearchEnd } from 'seekeeper';
import { testBot } from 'seekeeper/testing';
import { describe, expect, it } from 'vitest';

const song = (n: number) => `music\\Quiet Harbour\\${String(n).padStart(3, '0')} song.mp3`;
const songs = (count: number) => Array.from({ length: count }, (_, n) => song(n));

describe('a plugin that searches', () => {
  const finder = definePlugin({
    name: 'finder',
    needs: ['search.run', 'room.say'],
    setup(bot) {
      bot.command({
        name: 'go',
        summary: 'Searches',
        async run() {
          const ends: SearchEnd[] = [];
          const refs = new Set<string>();
          const search = bot.search({
            query: 'harbour song',
            timeout: '20s',
            filter: { ext: ['mp3'], minSize: 2, minBitrate: 200 },
          });
          for await (const hit of search) refs.add(hit.ref);
          ends.push(await search.done);
          const again = bot.search({ query: 'song harbour' });
          let why = 'nothing';
          try {
            for await (const hit of again) refs.add(hit.ref);
          } catch (error) {
            why = error instanceof Error && 'code' in error ? String(error.code) : 'other';
          }
          const { reason, hits, users, leftOut } = ends[0]!;
          return `${refs.size} files, ${reason}, ${hits} of ${users}, ${leftOut} left out, then ${why}`;
        },
      });
    },
  });

  it('gets more hits than cross at a time, filtered, of several users, and the governor keeps to its pace', async () => {
    const t = await testBot(finder);
    const fine = songs(80).map((path) => ({ path, attributes: { bitrate: 320, duration: 100 } }));
    await t.share('ann', [...fine, { path: 'music\\Quiet Harbour\\song.ogg', attributes: { bitrate: 500 } }]);
    await t.share('bob', [
      ...fine.slice(0, 30),
      { path: 'music\\Quiet Harbour\\poor song.mp3', attributes: { bitrate: 128 } },
      { path: 'music\\Quiet Harbour\\small song.mp3', size: 1 },
    ]);
    await t.say('al', 'indie', '!go');
    expect(t.text('indie')).toEqual(['110 files, timeout, 110 of 2, 3 left out, then search-refused']);
    expect(t.bot.status().search.running).toBe(0);
    expect(t.bot.status().peers.links).toEqual({ P: 0, D: expect.any(Number) as number, F: 0 });
  });
});

describe('a plugin that answers searches', () => {
  const oracle = definePlugin({
    name: 'oracle',
    needs: ['search.answer'],
    setup(bot) {
      bot.answerSearches({ terms: ['weather'] }, ({ words }) => {
        if (words.includes('rain')) throw new Error('it never rains here');
        return [
          { path: 'oracle\\weather today.txt', size: 120 },
          {
            path: 'oracle\\weather tomorrow.mp3',
            size: 5,
            attributes: { bitrate: 192, vbr: true },
            locked: true,
          },
        ];
      });
    },
  });

  it('is found by whoever asks, and by nobody else', async () => {
    const t = await testBot(oracle);
    const files = ['oracle\\weather today.txt', 'oracle\\weather tomorrow.mp3'];
    expect(await t.search('al', 'weather')).toEqual(files);
    expect(await t.search('al', 'today weather', 'bot')).toEqual(files);
    expect(await t.search('al', 'weather forecast', { room: 'indie' })).toEqual(files);
    expect(await t.search('al', 'climate')).toEqual([]);
    expect(await t.search('al', 'rain weather')).toEqual([]);
    expect(t.bot.status().search.answering).toMatchObject({ answered: 3, sent: 3 });
    const word = (await t.person('al')).words.flatMap(({ message }) =>
      message.type === 'FileSearchResponse' ? [message.privateResults] : [],
    )[0];
    expect(word).toMatchObject([
      {
        size: 5n,
        attributes: [
          { type: 0, value: 192 },
          { type: 2, value: 1 },
        ],
      },
    ]);
  });

  it('does not name what the server forbids', async () => {
    const t = await testBot(oracle, { server: { excludedPhrases: ['tomorrow'] } });
    expect(await t.search('al', 'weather')).toEqual(['oracle\\weather today.txt']);
  });
});

it('a bot says that it is one, and whose', async () => {
  const t = await testBot(definePlugin({ name: 'quiet', setup() {} }), { roles: { owner: ['me'] } });
  const al = await t.person('al');
  await t.sandbox.run(al.tell(t.user, { type: 'UserInfoRequest' }));
  const { description } = await t.sandbox.run(al.untilWord('UserInfoResponse'));
  expect(description).toMatch(/^This is a bot: .*\nIts owner is me\.$/);
});
