import { describe, expect, it } from 'vitest';
import type { LineState } from '../../../network/ports.ts';
import { VirtualClock } from '../../../platform/virtual/virtual-clock.ts';
import { LineServices, type LinesPort } from './lines.ts';

const clock = new VirtualClock();

function services(
  stored: Readonly<Record<string, { state: LineState; detail?: string }>>,
  lines: Partial<LinesPort> = {},
): LineServices {
  const none: LinesPort = {
    queue: async () => ({ id: 'new', state: 'queued' }),
    receipt: () => undefined,
    async *follow() {},
  };
  return new LineServices({ ...none, ...lines }, { get: async (id) => stored[id] }, clock);
}

describe('receipts of an earlier run', () => {
  it.each<[string, Record<string, { state: LineState; detail?: string }>, unknown]>([
    ['one line', { x: { state: 'seen' } }, { id: 'p/x', state: 'seen' }],
    ['nothing', {}, undefined],
    ['all parts', { 'x.1': { state: 'seen' }, 'x.2': { state: 'sent' } }, { id: 'p/x', state: 'sent' }],
    [
      'one lost',
      { 'x.1': { state: 'seen' }, 'x.2': { state: 'unknown', detail: 'why' }, 'x.3': { state: 'queued' } },
      { id: 'p/x', state: 'unknown', detail: 'why' },
    ],
    [
      'some waiting',
      { 'x.1': { state: 'sent' }, 'x.2': { state: 'queued' } },
      { id: 'p/x', state: 'queued' },
    ],
  ])('%s', async (_, stored, expected) => {
    expect(await services(stored).receipt('p', 'p/x', true)).toEqual(expected);
  });

  it('are shown to the instance whose lines they are', async () => {
    const all = services({ x: { state: 'seen' } });
    expect(await all.receipt('q', 'p/x', false)).toBeUndefined();
    expect(await all.receipt('p', 'x', false)).toBeUndefined();
    expect(await all.receipt('p', 'p/x', false)).toBeDefined();
  });
});

describe('sending', () => {
  it('hands over lines, origin, priority and the moment after which they are worth nothing', async () => {
    const asked: unknown[] = [];
    const one = services(
      {},
      {
        queue: async (...args) => {
          asked.push(args);
          return { id: 'y', state: 'dropped', code: 'duplicate', detail: 'said before' };
        },
      },
    );
    const receipt = await one.send('p', { kind: 'room', to: 'indie' }, ['a', 'b'], {
      priority: 'bulk',
      ttlMs: 5_000,
    });
    expect(receipt).toEqual({ id: 'p/y', state: 'dropped', detail: 'said before' });
    await one.send('p', { kind: 'private', to: 'al' }, ['c'], { priority: 'reply' });
    expect(asked).toEqual([
      [
        { kind: 'room', to: 'indie', text: 'a\nb' },
        { priority: 'bulk', origin: 'p', expiresAt: clock.now() + 5_000 },
      ],
      [
        { kind: 'private', to: 'al', text: 'c' },
        { priority: 'reply', origin: 'p' },
      ],
    ]);
  });

  it('waits for the end of a line only when asked to', async () => {
    const state = (value: LineState, final: boolean) => ({
      id: 'y',
      kind: 'room' as const,
      to: 'r',
      state: value,
      final,
      parts: [],
    });
    const one = services(
      {},
      {
        receipt: () => state('queued', false),
        async *follow() {
          yield state('sent', false);
          yield state('seen', true);
        },
      },
    );
    expect(await one.receipt('p', 'p/y', false)).toEqual({ id: 'p/y', state: 'queued' });
    expect(await one.receipt('p', 'p/y', true)).toEqual({ id: 'p/y', state: 'seen' });
  });
});
