import { describe, expect, it } from 'vitest';
import { World } from './notices.test-support.ts';

const HOUR = 3_600_000;
const HOOK = 'https://hooks.example/T0P/s3cr3t-path';
const at = (text: string) => Date.parse(text);

describe('a digest', () => {
  it('is told at the full hour, by group, in order; what is urgent goes past it', async () => {
    const world = await World.open({
      channels: 'hook: { kind: webhook, url: { env: HOOK }, digest: hour }',
      startAt: at('2026-01-01T10:10:00Z'),
    });
    world.http.on(HOOK, {});
    for (const title of ['1', '2'])
      await world.notices.tell('wishlist', ['hook'], { title, lines: ['a', 'b'] });
    await world.notices.tell('other', ['hook'], { title: '3', link: 'https://x.example/' });
    await world.notices.tell('other', ['hook'], { title: 'fire', urgent: true });
    await world.notices.tell('other', ['hook'], { title: 'now', digest: 'none' });
    await world.settle();
    expect(world.posted().map(({ body }) => body['title'])).toEqual(['fire', 'now']);
    await world.clock.advance(49 * 60_000);
    expect(world.posted()).toHaveLength(2);
    await world.crash();
    await world.clock.advance(60_000);
    const told = world.posted().slice(2);
    expect(told.map(({ body }) => [body['title'], body['lines']])).toEqual([
      ['wishlist: 2 notices', ['• 1', '  a', '  b', '• 2', '  a', '  b']],
      ['3', []],
    ]);
    expect(told[0]?.body['notices']).toMatchObject([{ title: '1' }, { title: '2' }]);
    expect(told[0]?.body['notices']).toMatchObject([{ id: told[0]?.headers['seekeeper-notice'] }, {}]);
  });

  it('that could not be told is told of the same later, though more has come', async () => {
    const world = await World.open({
      channels: 'hook: { kind: webhook, url: { env: HOOK }, digest: hour }',
      startAt: at('2026-01-01T10:50:00Z'),
    });
    world.http.on(HOOK, { hang: true });
    await world.notices.tell('p', ['hook'], { title: '1' });
    await world.clock.advance(10 * 60_000 + 1_000);
    await world.notices.tell('p', ['hook'], { title: '2' });
    await world.crash();
    await world.clock.advance(2 * HOUR);
    world.http.on(HOOK, {});
    await world.clock.advance(2 * HOUR);
    const told = world.posted().slice(-2);
    expect(told.map(({ body }) => body['title'])).toEqual(['1', '2']);
    const firstId = world.posted()[0]?.headers['seekeeper-notice'];
    expect(told[0]?.headers['seekeeper-notice']).toBe(firstId);
  });

  it('of a day comes at its time of day in the zone of the channel', async () => {
    const world = await World.open({
      channels: 'me: { kind: pm, user: al, digest: day, digest-at: "07:30", timezone: Europe/Berlin }',
      startAt: at('2026-03-28T20:00:00Z'),
    });
    await world.notices.tell('p', ['me'], { title: 'x' });
    // The clocks go forward at night.
    await world.clock.advanceTo(at('2026-03-29T05:29:59Z'));
    expect(await world.lines()).toEqual([]);
    await world.clock.advanceTo(at('2026-03-29T05:30:01Z'));
    expect(await world.lines()).toEqual(['al: x']);
  });

  it('of more than fits is cut for people, and says so', async () => {
    const world = await World.open({ channels: 'me: { kind: pm, user: al, digest: hour, max-lines: 4 }' });
    for (let n = 1; n <= 9; n++) await world.notices.tell('p', ['me'], { title: `n${n}` });
    await world.clock.advance(HOUR);
    expect(await world.lines()).toEqual([
      'al: p: 9 notices',
      'al: • n1',
      'al: • n2',
      'al: … and 7 more lines',
    ]);
  });
});

describe('quiet hours', () => {
  it('hold everything but what is urgent, and then tell it together', async () => {
    const world = await World.open({
      channels: 'hook: { kind: webhook, url: { env: HOOK }, quiet: "22:00-07:00", timezone: Europe/Berlin }',
      startAt: at('2026-10-24T20:30:00Z'),
    });
    world.http.on(HOOK, {});
    for (const title of ['1', '2']) await world.notices.tell('p', ['hook'], { title });
    await world.notices.tell('p', ['hook'], { title: 'fire', urgent: true });
    await world.settle();
    expect(world.posted().map(({ body }) => body['title'])).toEqual(['fire']);
    await world.clock.advanceTo(at('2026-10-25T05:59:00Z'));
    await world.notices.tell('p', ['hook'], { title: '3' });
    await world.clock.advanceTo(at('2026-10-25T06:00:01Z'));
    expect(
      world
        .posted()
        .slice(1)
        .map(({ body }) => body['lines']),
    ).toEqual([['• 1', '• 2', '• 3']]);
  });

  it('hold what failed before them, but not what is urgent', async () => {
    const world = await World.open({
      channels: 'hook: { kind: webhook, url: { env: HOOK }, quiet: "22:00-07:00" }',
      startAt: at('2026-01-01T21:55:00Z'),
    });
    world.http.on(HOOK, { status: 503 });
    await world.notices.tell('p', ['hook'], { title: '1' });
    await world.clock.advanceTo(at('2026-01-01T23:00:00Z'));
    world.http.on(HOOK, {});
    const before = world.posted().length;
    await world.notices.tell('p', ['hook'], { title: 'fire', urgent: true });
    await world.clock.advanceTo(at('2026-01-02T06:59:59Z'));
    expect(
      world
        .posted()
        .slice(before)
        .map(({ body }) => body['title']),
    ).toEqual(['fire']);
    await world.clock.advanceTo(at('2026-01-02T07:00:01Z'));
    expect(world.posted().at(-1)?.body['title']).toBe('1');
  });

  it('hold a digest that is due in them', async () => {
    const world = await World.open({
      channels: 'me: { kind: pm, user: al, digest: hour, quiet: "22:00-07:00" }',
      startAt: at('2026-01-01T21:50:00Z'),
    });
    await world.notices.tell('p', ['me'], { title: 'x' });
    await world.clock.advanceTo(at('2026-01-02T06:59:59Z'));
    expect(await world.lines()).toEqual([]);
    await world.clock.advanceTo(at('2026-01-02T07:00:01Z'));
    expect(await world.lines()).toEqual(['al: x']);
  });
});
