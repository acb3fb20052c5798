import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { World } from './notices.test-support.ts';

const HOOK = 'https://hooks.example/T0P/s3cr3t-path';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seekeeper-notify-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const channels = () => `
hook: { kind: webhook, url: { env: HOOK } }
me: { kind: pm, user: al, digest: hour }
feed: { kind: feed, path: ${join(folder, 'feed.xml')} }
log: { kind: jsonl, path: ${join(folder, 'log.jsonl')} }`;

/** A plugin that tells until it knows that it has told. */
async function tellAll(world: World): Promise<void> {
  for (const n of [1, 2]) {
    const notice = { title: `t${n}`, lines: [`line ${n}`], key: `k${n}` };
    await world.notices.tell('p', ['hook', 'me', 'feed', 'log', { pm: 'bo' }, { room: 'indie' }], notice);
  }
}

it.each(['before', 'after'] as const)(
  'a crash at any write (%s it took effect) loses no notice, and tells none twice where that can be known',
  async (when) => {
    let point = 1;
    for (let finished = false; !finished; point++) {
      rmSync(join(folder, 'feed.xml'), { force: true });
      rmSync(join(folder, 'log.jsonl'), { force: true });
      const world = await World.open({ channels: channels(), seed: point });
      world.http.on(HOOK, {});
      // It dies at that write, and again as many writes into its next life.
      for (let life = 0; ; life++) {
        if (life < 2) world.backend.crashAfter(point, when);
        else if (life > 2) throw new Error('it should live by now');
        try {
          if (life > 0) await world.live();
          await tellAll(world);
        } catch (error) {
          if (!world.backend.crashed) throw error;
        }
        for (let minutes = 0; minutes < 65 && !world.backend.crashed; minutes++)
          await world.clock.advance(60_000);
        if (!world.backend.crashed) {
          finished = life === 0;
          break;
        }
        world.backend = await world.backend.revive();
      }
      const where = `write ${point}`;
      expect((await world.lines()).toSorted(), where).toEqual(
        [
          ...['bo: t1', 'bo: line 1', 'bo: t2', 'bo: line 2'],
          ...['indie: t1', 'indie: line 1', 'indie: t2', 'indie: line 2'],
          ...digests(await world.lines()),
        ].toSorted(),
      );
      const lines = readFileSync(join(folder, 'log.jsonl'), 'utf8').trimEnd().split('\n');
      expect(
        lines.map((line) => (JSON.parse(line) as { title: string }).title),
        where,
      ).toEqual(['t1', 't2']);
      const feed = readFileSync(join(folder, 'feed.xml'), 'utf8');
      expect(
        [...feed.matchAll(/<title>(t\d)<\/title>/gu)].map(([, title]) => title),
        where,
      ).toEqual(['t2', 't1']);
      // Over HTTP it may come twice, but then under the same id.
      const posted = world.posted();
      const ids = new Map(posted.map(({ headers, body }) => [headers['seekeeper-notice'], body['title']]));
      expect([...ids.values()], where).toEqual(['t1', 't2']);
      expect(await world.store.notices.targets(), where).toEqual([]);
    }
    expect(point).toBeGreaterThan(40);
  },
);

/** What al heard: both at once, or each by itself when a crash came between the two. */
function digests(lines: readonly string[]): readonly string[] {
  const whole = ['al: p: 2 notices', 'al: • t1', 'al: line 1', 'al: • t2', 'al: line 2'];
  const apart = ['al: t1', 'al: line 1', 'al: t2', 'al: line 2'];
  return lines.includes('al: p: 2 notices') ? whole : apart;
}
