import { beforeEach, describe, expect, it } from 'vitest';
import { decodePeerMessage } from '../../protocol/index.ts';
import { wav } from './audio.test-support.ts';
import { buildIndex } from './index/build-index.ts';
import type { ScanEngine } from './scan/scan-request.ts';
import { SharesWorld } from './shares.test-support.ts';
import type { Shares } from './shares.ts';

const HOUR = 3_600_000;

let world: SharesWorld;
beforeEach(() => {
  world = new SharesWorld();
  world.files.put('/music/band/song one.mp3', '12345');
  world.files.put('/music/band/song two.mp3', '1');
  world.files.put('/own/song three.mp3', '1');
});

async function listed(user: string | undefined) {
  const result = decodePeerMessage((await world.shares.browse(user)).subarray(4));
  if (!result.ok || result.message.type !== 'SharedFileListResponse') throw new Error('no list');
  const namesOf = (list: typeof result.message.directories) =>
    list.map(({ name, files }) => `${name}: ${files.map(({ filename }) => filename).join(', ')}`);
  const { directories, privateDirectories } = result.message;
  return { open: namesOf(directories), locked: privateDirectories && namesOf(privateDirectories) };
}

describe('who sees what', () => {
  it('strangers see what is for everyone, buddies all, others nothing', async () => {
    await world.started();
    expect(world.search('song')).toEqual({
      open: ['Music\\band\\song one.mp3', 'Music\\band\\song two.mp3'],
      locked: [],
    });
    expect(world.search('song', 'friend').open).toHaveLength(3);
    expect(world.search('song', 'banned').open).toEqual([]);
    const open = ['Music\\band: song one.mp3, song two.mp3'];
    expect(await listed('somebody')).toEqual({ open, locked: undefined });
    expect(await listed(undefined)).toEqual({ open, locked: undefined });
    expect((await listed('friend')).open).toEqual([...open, 'Own: song three.mp3']);
    expect((await listed('banned')).open).toEqual([]);
    expect(world.shares.folder('Own', 'somebody')).toBeUndefined();
    expect(world.shares.folder('Own', undefined)).toBeUndefined();
    expect(world.shares.folder('Music\\band', 'banned')).toBeUndefined();
    expect(world.shares.folder('Own', 'friend')?.[0]?.files).toHaveLength(1);
    expect(world.shares.folder('Music\\band', 'somebody')?.[0]?.name).toBe('Music\\band');
    const found = (path: string, user: string) => world.shares.find(path, false, user);
    expect(await found('Own\\song three.mp3', 'somebody')).toEqual({ ok: false, reason: 'not-shared' });
    expect(await found('Own\\song three.mp3', 'friend')).toMatchObject({ ok: true });
    expect(await found('Music\\band\\song one.mp3', 'banned')).toMatchObject({ ok: false });
    expect(world.shares.counts).toEqual({ folders: 1, files: 2 });
  });

  it('locked ones show only where that is wanted, and cannot be had', async () => {
    world.restart({ showLocked: true });
    await world.started();
    expect(world.search('song').locked).toEqual(['Own\\song three.mp3']);
    expect(world.search('three')).toEqual({ open: [], locked: ['Own\\song three.mp3'] });
    expect((await listed('somebody')).locked).toEqual(['Own: song three.mp3']);
    expect((await listed('friend')).locked).toBeUndefined();
    expect(world.shares.folder('Own', 'somebody')).toBeUndefined();
    expect(await world.shares.find('Own\\song three.mp3', false, 'somebody')).toMatchObject({ ok: false });
    expect(world.shares.counts).toEqual({ folders: 2, files: 3 });
  });

  it('a list is made once for all who may see the same', async () => {
    await world.started();
    expect(await world.shares.browse('a')).toBe(await world.shares.browse('b'));
    const before = await world.shares.browse('a');
    world.files.put('/music/new.mp3', '');
    await world.shares.rescan();
    expect(await world.shares.browse('a')).not.toBe(before);
    expect((await listed('a')).open).toContain('Music: new.mp3');
  });
});

it('a folder with very many files is listed whole, and answered in part', async () => {
  const engine: ScanEngine = {
    scan: async ({ now }) => {
      const files = Array.from({ length: 60_000 }, (_, i) => ({
        name: Buffer.from(`${i}`),
        size: i,
        changed: 0,
        attributes: {},
      }));
      const { tables } = buildIndex([
        { name: 'Music', audience: 'everyone', folders: [{ parts: [], files }] },
      ]);
      return {
        tables,
        report: { at: now, shares: [], folders: 1, files: 60_000, clashes: 0, clashesFirst: [] },
      };
    },
  };
  world.restart({ engine });
  await world.started();
  expect((await listed('a')).open[0]!.split(', ')).toHaveLength(60_000);
  expect(world.shares.folder('Music', 'a')![0]!.files).toHaveLength(10_000);
});

describe('a file that is asked for', () => {
  it('is found where it really is', async () => {
    world.files.putLink('/music/best', 'band');
    world.files.put(Buffer.from([...Buffer.from('/music/a\\b'), 0xff]), '123');
    await world.started();
    const one = await world.shares.find('Music\\best\\song one.mp3', false, 'a');
    expect(one.ok && [Buffer.from(one.file.path).toString(), one.file.size]).toEqual([
      '/music/band/song one.mp3',
      5,
    ]);
    const [odd] = world.shares.folder('Music', 'a')![0]!.files;
    expect(odd).toMatchObject({ latin1: ['filename'] });
    for (const latin1 of [true, false])
      expect(await world.shares.find(`Music\\${odd!.filename}`, latin1, 'a')).toMatchObject({ ok: true });
  });

  it('leaves the index when it is gone or has another size, and a scan follows', async () => {
    await world.started();
    world.files.put('/music/band/song one.mp3', 'longer than before');
    world.files.drop('/music/band/song two.mp3');
    const find = (name: string) => world.shares.find(`Music\\band\\${name}`, false, 'a');
    expect(await find('song one.mp3')).toEqual({ ok: false, reason: 'changed' });
    expect(await find('song two.mp3')).toEqual({ ok: false, reason: 'gone' });
    expect(await find('song one.mp3')).toEqual({ ok: false, reason: 'not-shared' });
    expect(world.search('song').open).toEqual([]);
    expect(world.shares.folder('Music\\band', 'a')![0]!.files).toEqual([]);
    await world.clock.advance(3 * 60_000);
    expect(world.search('song').open).toEqual(['Music\\band\\song one.mp3']);
    expect(await find('song one.mp3')).toMatchObject({ ok: true, file: { size: 18 } });
  });

  it('stays when only the disk cannot be read', async () => {
    await world.started();
    const find = () => world.shares.find('Music\\band\\song one.mp3', false, 'a');
    world.files.faults = { fails: (operation) => (operation === 'facts' ? 'EIO' : undefined) };
    expect(await find()).toEqual({ ok: false, reason: 'unreadable' });
    world.files.faults = { fails: (_operation, path) => (path === '/music' ? 'ENOENT' : undefined) };
    expect(await find()).toEqual({ ok: false, reason: 'away' });
    world.files.faults = {};
    expect(await find()).toMatchObject({ ok: true });
  });
});

describe('a start', () => {
  it('has the files of the last run at once', async () => {
    await world.started();
    world.restart({ rescanEveryMs: Number.POSITIVE_INFINITY });
    await world.shares.start();
    expect(world.shares.counts).toEqual({ folders: 1, files: 2 });
    expect(world.search('song').open).toHaveLength(2);
  });

  it('shows nobody what was scanned under other settings, but keeps the counts', async () => {
    await world.started();
    world.restart({
      folders: [{ name: 'Music', folder: '/music', audience: 'everyone', exclude: ['*two*'] }],
    });
    await world.shares.start();
    expect(world.search('song', 'friend').open).toEqual([]);
    expect(world.shares.counts).toEqual({ folders: 1, files: 2 });
    await world.shares.rescan();
    expect(world.search('song', 'friend').open).toEqual(['Music\\band\\song one.mp3']);
  });

  it('scans anew when the stored index is damaged', async () => {
    await world.started();
    const bytes = Buffer.from(world.files.get('/state/shares.index')!);
    bytes[bytes.length - 3]! ^= 1;
    world.files.put('/state/shares.index', bytes);
    world.restart();
    await world.shares.start();
    expect(world.shares.counts.files).toBe(0);
    await world.shares.rescan();
    expect(world.shares.counts.files).toBe(2);
  });

  it('refuses names and globs that cannot be', () => {
    const share = { folder: '/music', audience: 'everyone' } as const;
    const make = (folders: ConstructorParameters<typeof Shares>[0]['folders']) => () =>
      world.restart({ folders });
    for (const name of ['', ' ', 'a\\b', 'a/b', '..', 'a\0'])
      expect(make([{ ...share, name }])).toThrow(RangeError);
    expect(
      make([
        { ...share, name: 'a' },
        { ...share, name: 'a' },
      ]),
    ).toThrow(RangeError);
    expect(make([{ ...share, name: 'a', exclude: [''] }])).toThrow(RangeError);
  });

  it('without shares does nothing', async () => {
    world.restart({ folders: [] });
    await world.shares.start();
    expect(world.shares.counts).toEqual({ folders: 0, files: 0 });
    expect(world.shares.progress).toBeUndefined();
  });
});

describe('scanning again', () => {
  it('opens only what is new or changed', async () => {
    world.files.put('/music/a.wav', wav(1));
    world.files.put('/music/b.wav', wav(2));
    const first = await new Promise<number>((resolve) => {
      world.shares.on('scanned', ({ shares }) => resolve(shares[0]!.read));
      void world.shares.start();
    });
    expect(first).toBe(4);
    const again = (await world.shares.rescan()).shares[0]!;
    expect(again.read).toBe(0);
    const durations = () =>
      world.shares.folder('Music', 'a')![0]!.files.map(({ attributes }) => attributes[0]?.value);
    expect(durations()).toEqual([1, 2]);
    await world.clock.advance(1_000);
    world.files.put('/music/b.wav', wav(3));
    expect((await world.shares.rescan()).shares[0]!.read).toBe(1);
    expect(durations()).toEqual([1, 3]);
    world.restart({ attributes: false });
    expect((await (await world.started()).rescan()).shares[0]!.read).toBe(0);
    expect(durations()).toEqual([undefined, undefined]);
  });

  it('happens one at a time, and once for all who ask meanwhile', async () => {
    let running = 0;
    let most = 0;
    let scans = 0;
    const pending: (() => void)[] = [];
    const engine: ScanEngine = {
      scan: async () => {
        scans++;
        most = Math.max(most, ++running);
        await new Promise<void>((done) => pending.push(done));
        running--;
        throw new Error('no');
      },
    };
    const shares = world.restart({ engine });
    const asked = [shares.rescan(), shares.rescan(), shares.rescan()].map((each) =>
      each.catch(() => 'failed'),
    );
    for (let i = 0; i < 20 && scans < 2; i++) {
      pending.shift()?.();
      await new Promise<void>((turn) => setImmediate(turn));
    }
    pending.shift()?.();
    expect(await Promise.all(asked)).toEqual(['failed', 'failed', 'failed']);
    expect([scans, most]).toEqual([2, 1]);
  });

  it('follows a hint when it is quiet, and time', async () => {
    await world.started();
    const scans: number[] = [];
    world.shares.on('scanned', ({ at }) => scans.push(at));
    expect(world.watch.watched).toEqual(['/music', '/music/band', '/own']);
    await world.clock.advance(5 * 60_000);
    world.files.put('/music/band/new.mp3', '1');
    for (let i = 0; i < 10; i++) {
      world.watch.change('/music/band');
      await world.clock.advance(5_000);
    }
    expect(scans).toHaveLength(0);
    await world.clock.advance(10_000);
    expect(scans).toHaveLength(1);
    expect(world.search('new').open).toEqual(['Music\\band\\new.mp3']);
    await world.clock.advance(6 * HOUR);
    expect(scans).toHaveLength(2);
    world.shares.close();
    await world.clock.advance(100 * HOUR);
    expect(scans).toHaveLength(2);
  });

  it('keeps what is there when it fails, and when it is closed', async () => {
    await world.started();
    const closing = world.shares.rescan();
    world.shares.close();
    await expect(closing).rejects.toThrow('closed');
    expect(world.search('song').open).toHaveLength(2);
  });

  it('goes on without saving when the disk of the store is full', async () => {
    world.files.capacity = 20;
    await world.started();
    expect(world.shares.report).toMatchObject({ unsaved: 'ENOSPC' });
    expect(world.search('song').open).toHaveLength(2);
  });
});
