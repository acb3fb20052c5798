import { expect, it } from 'vitest';
import type { OpenDialog } from '../../src/bot/dialogs/dialog-store.ts';
import { openStore } from '../../src/bot/store/store.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { VirtualClock } from '../../src/platform/virtual/virtual-clock.ts';
import { describeEngines } from './engines.ts';

describeEngines('dialogs', (open) => {
  const start = async () => {
    const clock = new VirtualClock();
    return { clock, store: await openStore({ backend: await open(), clock, log: nullLog }) };
  };
  const dialog = (id: string, user: string, room?: string): OpenDialog => ({
    id,
    instance: 'p',
    dialog: 'd\0',
    partner: { user, ...(room === undefined ? {} : { room }) },
    step: 'one',
    state: { text: 'two \0' },
    attempts: 0,
    onTimeout: 'late \0',
    expiresAt: 1_000,
  });

  it('keeps one per person and place, and takes the later one', async () => {
    const { store } = await start();
    const { dialogs } = store;
    const all = [
      dialog('1', 'al'),
      dialog('2', 'al', 'indie'),
      dialog('3', 'al b', 'x'),
      dialog('4', 'al', 'b x'),
    ];
    for (const one of all) await dialogs.begin(one);
    expect(await dialogs.open()).toHaveLength(4);
    for (const one of all) expect(await dialogs.get(one.partner)).toEqual(one);
    await dialogs.begin(dialog('5', 'al'));
    expect(await dialogs.get({ user: 'al' })).toMatchObject({ id: '5' });
    expect(await dialogs.end(all[0]!)).toBe(false);
    expect(await dialogs.countOf('al')).toBe(3);
    expect(await dialogs.forget('al')).toBe(3);
    expect(await dialogs.open()).toEqual([all[2]]);
    await store.close();
  });

  it('moves on, but never one that was replaced', async () => {
    const { store } = await start();
    const { dialogs } = store;
    const old = dialog('1', 'al');
    await dialogs.begin(old);
    const to = { step: 'two', state: [1], attempts: 1, expiresAt: 2_000 };
    await dialogs.advance(old, to, 'line-1');
    expect(await dialogs.get({ user: 'al' })).toEqual({ ...old, ...to });
    expect([
      await dialogs.knows({ user: 'al' }, 'line-1'),
      await dialogs.knows({ user: 'al' }, 'line-2'),
    ]).toEqual([true, false]);
    await dialogs.begin(dialog('2', 'al'));
    await dialogs.advance(old, to, 'line-3');
    expect(await dialogs.get({ user: 'al' })).toMatchObject({ id: '2', step: 'one' });
    expect(await dialogs.knows({ user: 'al' }, 'line-1')).toBe(false);
    await store.close();
  });

  it('remembers for a day which line ended one, and nothing else', async () => {
    const { store, clock } = await start();
    const { dialogs } = store;
    const one = dialog('1', 'al');
    await dialogs.begin(one);
    expect(await dialogs.end(one, 'line-1')).toBe(true);
    expect([await dialogs.get({ user: 'al' }), await dialogs.open(), await dialogs.countOf('al')]).toEqual([
      undefined,
      [],
      0,
    ]);
    expect(await dialogs.knows({ user: 'al' }, 'line-1')).toBe(true);
    // An open one that has expired waits for whoever ends it.
    await dialogs.begin(dialog('2', 'bob'));
    await clock.advance(86_399_999);
    await store.maintain();
    expect(await dialogs.knows({ user: 'al' }, 'line-1')).toBe(true);
    await clock.advance(1);
    await store.maintain();
    expect(await dialogs.knows({ user: 'al' }, 'line-1')).toBe(false);
    expect(await dialogs.open()).toHaveLength(1);
    await store.close();
  });
});
