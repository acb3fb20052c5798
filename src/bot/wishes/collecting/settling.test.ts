import { describe, expect, it } from 'vitest';
import type { LiveWish } from '../live-wish.ts';
import { HEARD_MS } from '../turns/turns.ts';
import { hitOf, make, query, turnOf } from './settling.test-support.ts';

const member = { query: query!, late: false, guest: false };

const counted = ({ stored: { doc } }: LiveWish) =>
  [doc.last, doc.total].map(({ passed, dropped }) => ({
    passed,
    dropped: [...dropped].map(([filter, { count }]) => [filter, count]),
  }));

describe('results that could not be noted', () => {
  it('are looked at again, with those that came after them, and counted once', async () => {
    let broken = true;
    const { clock, store, settling, keeper, wish } = await make(() => broken);
    const one = await wish('w', { filter: { minFolderFiles: 2 } });
    for (let i = 0; i < 1_400; i++) keeper.hit(turnOf(one), one, member, hitOf(`u${i % 10}`, `${i}.mp3`));
    keeper.hit(turnOf(one), one, member, hitOf('alone', '1.mp3'));
    await clock.advance(15_000);
    expect(settling.waiting).toBe(1_401);
    expect(counted(one)).toEqual(Array(2).fill({ passed: 0, dropped: [] }));
    expect(one.stored).toMatchObject({ nextNumber: 1, seen: 0, remembered: 0 });
    expect(one.collection.finds).toBe(0);
    broken = false;
    await clock.advance(31_000);
    expect(settling.waiting).toBe(0);
    expect(one.waiting).toBe(500);
    expect(one.stored.seen).toBe(500);
    const [last, total] = counted(one);
    expect(last).toEqual(total);
    expect(last!.passed).toBe(1_400);
    expect(Object.fromEntries(last!.dropped as [string, number][])).toEqual({
      limit: 900,
      minFolderFiles: 1,
    });
    expect((await store.wishes.load())[0]).toEqual(one.stored);
    await store.close();
  });

  it('are nothing any more when the wish asks something else meanwhile', async () => {
    let broken = false;
    const { clock, store, settling, keeper, wish, work } = await make(() => broken);
    const one = await wish('w');
    const arrive = () => keeper.hit(turnOf(one), one, member, hitOf('al', '1.mp3'));
    arrive();
    // They wait for others who use the store.
    let release = () => {};
    void work.run(() => new Promise<void>((resolve) => (release = resolve)));
    await clock.advance(15_000);
    settling.drop(one);
    release();
    await clock.advance(60_000);
    expect(one.waiting).toBe(0);
    broken = true;
    arrive();
    await clock.advance(15_000);
    settling.drop(one);
    broken = false;
    await clock.advance(60_000);
    expect(one.waiting).toBe(0);
    expect(settling.waiting).toBe(0);
    await store.close();
  });
});

describe('who is back', () => {
  const HOUR = 3_600_000;

  /** A wish with two spellings, of which only the first finds the file. */
  async function twoSpellings() {
    const { clock, store, keeper, wish } = await make();
    const one = await wish('w', { query: 'Café ep', tell: { again: true } });
    const [first, second] = one.compiled.spellings;
    expect(second).toBeDefined();
    const turn = (spelling: typeof first) => {
      const plan = {
        target: { kind: 'network' } as const,
        spelling: spelling!.key,
        text: spelling!.query.text,
        chosen: [one],
      };
      const members = keeper.sent(plan);
      return { ...turnOf(one), plan, members: new Map(members) };
    };
    const found = async () => {
      const open = turn(first);
      const { query: cafe } = open.members.get(one)!;
      const hit = { ...hitOf('al', '1.mp3'), path: 'Café ep\\1.mp3', folder: 'Café ep' };
      keeper.hit(open, one, { ...open.members.get(one)!, query: cafe }, hit);
      await clock.advance(HEARD_MS);
      keeper.heard(open);
    };
    const kinds = async () => (await store.wishFinds.latest(one.stored.seq, 50)).map(({ kind }) => kind);
    return { clock, store, keeper, found, kinds, missed: () => turn(first), other: () => turn(second) };
  }

  it('is not who another spelling did not find', async () => {
    const { clock, store, found, kinds, other } = await twoSpellings();
    for (let day = 0; day < 4; day++) {
      await found();
      await clock.advance(24 * HOUR);
      other();
      await clock.advance(24 * HOUR);
    }
    expect(await kinds()).toEqual(['new']);
    await store.close();
  });

  it('is who did not answer for a day, and was asked', async () => {
    const { clock, store, found, kinds, missed } = await twoSpellings();
    await found();
    await clock.advance(6 * HOUR);
    missed();
    await clock.advance(6 * HOUR);
    await found();
    expect(await kinds()).toEqual(['new']);
    await clock.advance(12 * HOUR);
    missed();
    await clock.advance(24 * HOUR);
    await found();
    expect(await kinds()).toEqual(['again', 'new']);
    await store.close();
  });

  it('is nobody of whom a turn that was cut had no answer', async () => {
    const { clock, store, found, keeper, kinds, missed } = await twoSpellings();
    await found();
    await clock.advance(30 * HOUR);
    keeper.cut(missed());
    await clock.advance(HOUR);
    await found();
    expect(await kinds()).toEqual(['new']);
    await store.close();
  });
});
