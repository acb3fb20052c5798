import { beforeEach, describe, expect, it } from 'vitest';
import { SharesWorld } from './shares.test-support.ts';

const HOUR = 3_600_000;

let world: SharesWorld;
beforeEach(() => {
  world = new SharesWorld();
  world.files.put('/music/band/song one.mp3', '12345');
  world.files.put('/music/band/song two.mp3', '1');
  world.files.put('/own/song three.mp3', '1');
});

describe('a disk that goes away', () => {
  it.each([
    ['the folder is missing', () => world.files.drop('/music'), 'ENOENT'],
    ['the folder is empty', () => world.files.drop('/music/band'), 'EMPTY'],
  ])('keeps its files for a day and says so: %s', async (_what, away, code) => {
    await world.started();
    away();
    const report = await world.shares.rescan();
    expect(report.shares[0]).toMatchObject({ name: 'Music', state: 'kept', code, files: 2 });
    expect(report.shares[1]).toMatchObject({ name: 'Own', state: 'scanned', files: 1 });
    expect(world.shares.counts).toEqual({ folders: 1, files: 2 });
    expect(world.search('song').open).toHaveLength(2);
    expect(world.log.lines.some(({ level, message }) => level === 'warn' && message.includes('away'))).toBe(
      true,
    );
    world.restart();
    await world.started();
    expect(world.shares.counts.files).toBe(2);
    await world.clock.advance(23 * HOUR);
    expect(world.shares.counts.files).toBe(2);
    await world.clock.advance(8 * HOUR);
    expect(world.shares.counts.files).toBe(0);
  });

  it('is taken as it is when a person says so', async () => {
    await world.started();
    world.files.drop('/music/band');
    await world.shares.rescan({ acceptEmpty: true });
    expect(world.shares.counts.files).toBe(0);
  });

  it('comes back', async () => {
    await world.started();
    world.files.drop('/music');
    await world.shares.rescan();
    world.files.put('/music/other.mp3', '1');
    const report = await world.shares.rescan();
    expect(report.shares[0]).toMatchObject({ state: 'scanned', files: 1 });
  });

  it('keeps all when a failing disk shows less than half', async () => {
    await world.started();
    world.files.put('/music/x/other.mp3', '1');
    world.files.faults = {
      fails: (_operation, path) => (path.startsWith('/music/band/song') ? 'EIO' : undefined),
    };
    expect((await world.shares.rescan()).shares[0]).toMatchObject({ state: 'scanned', files: 1 });
    for (let i = 0; i < 4; i++) world.files.put(`/music/many/${i}.mp3`, '1');
    await world.shares.rescan();
    world.files.faults = {
      fails: (_operation, path) => (path.startsWith('/music/many/') ? 'EIO' : undefined),
    };
    expect((await world.shares.rescan()).shares[0]).toMatchObject({ state: 'scanned', files: 3 });
    for (let i = 0; i < 40; i++) world.files.put(`/music/many/${i}.mp3`, '1');
    world.files.faults = {};
    await world.shares.rescan();
    world.files.faults = {
      fails: (_operation, path) => (path.startsWith('/music/many/') ? 'EIO' : undefined),
    };
    expect((await world.shares.rescan()).shares[0]).toMatchObject({ state: 'kept', code: 'EIO', files: 43 });
  });
});
