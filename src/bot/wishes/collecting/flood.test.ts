import { expect, it } from 'vitest';
import { hitOf, make, query, turnOf } from './settling.test-support.ts';

it('a million results leave a bounded number waiting, are counted, and the next turn brings more of them', async () => {
  const { clock, store, settling, keeper, wish } = await make();
  const wishes = await Promise.all(Array.from({ length: 5 }, (_, i) => wish(`w${i}`)));
  const member = { query: query!, late: false, guest: false };
  for (const one of wishes) {
    const turn = turnOf(one);
    for (let i = 0; i < 200_000; i++) keeper.hit(turn, one, member, hitOf(`u${i % 5_000}`, `${i}.mp3`));
    // Of one wish 5,000, of all 20,000.
    expect(one.collection.size).toBeLessThanOrEqual(5_000);
    expect(settling.waiting).toBeLessThanOrEqual(20_000);
  }
  expect(settling.waiting).toBe(20_000);
  await clock.advance(60_000);
  expect(settling.waiting).toBe(0);
  const [first, , , , last] = wishes;
  expect(first!.stored.doc.last).toMatchObject({ arrived: 200_000, passed: 5_000 });
  // What found no place, and what would wait for too many others to be told.
  expect(first!.stored.doc.last.dropped.get('limit')!.count).toBe(200_000 - 500);
  expect(first!.waiting).toBe(500);
  expect(last!.stored.doc.last).toMatchObject({ arrived: 200_000, passed: 0 });
  expect(await store.wishFinds.latest(first!.stored.seq, 500)).toHaveLength(500);
  await store.close();
});

it('counts files of one user and folder together, and takes an answer that comes twice once', async () => {
  const { clock, store, keeper, wish } = await make();
  const one = await wish('w');
  const member = { query: query!, late: true, guest: false };
  for (const user of ['al', 'al', 'bob', 'me'])
    for (let i = 0; i < 4; i++) keeper.hit(turnOf(one), one, member, hitOf(user, `${i}.mp3`));
  keeper.hit(turnOf(one), one, member, { ...hitOf('al', '9.mp3'), path: 'other\\9.mp3' });
  await clock.advance(15_000);
  const found = await store.wishFinds.latest(one.stored.seq, 50);
  expect(found).toHaveLength(8);
  for (const find of found) expect(find).toMatchObject({ folderFiles: 4, late: true });
  expect(found.map(({ kind }) => kind).sort()).toEqual([...Array(4).fill('new'), ...Array(4).fill('source')]);
  expect(one.stored).toMatchObject({ seen: 8, remembered: 8 + 4 + 2, nextNumber: 9, fruitless: 0 });
  expect(one.stored.doc.last).toMatchObject({ arrived: 13, passed: 8 });
  expect(one.stored.doc.last.dropped.get('query')!.count).toBe(1);
  await store.close();
});
