import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import type { OutgoingLine } from '../../plugins/api/intercept.ts';
import type { InterceptAnswer } from '../../plugins/host/services.ts';
import type { InterceptSpec } from '../../plugins/host/wire.ts';
import type { NewDecision } from '../why/decision.ts';
import { Interceptors } from './interceptors.ts';

type Ask = (line: { readonly text: string | readonly string[] }) => Promise<InterceptAnswer>;

function setUp() {
  const clock = new VirtualClock();
  const log = memoryLog();
  const noted: NewDecision[] = [];
  const down = new Set<string>();
  const interceptors = new Interceptors({
    clock,
    log,
    note: (decision) => String(noted.push(decision)),
    isDown: (instance) => down.has(instance),
  });
  const add = (instance: string, ask: Ask, spec: Partial<InterceptSpec> = {}) =>
    interceptors.add(
      instance,
      { direction: 'outgoing', order: 0, timeoutMs: 200, onError: 'deny', ...spec },
      ask,
    );
  const line = (text: string, more: Partial<OutgoingLine> = {}): OutgoingLine => ({
    kind: 'room',
    to: 'indie',
    text: [text],
    priority: 'ordinary',
    plugin: 'p',
    ...more,
  });
  return { clock, log, noted, down, interceptors, add, line };
}

const mark =
  (letter: string): Ask =>
  async ({ text }) => ({ text: [`${String(text)}${letter}`] });

it('costs nothing where nobody asks', () => {
  const { interceptors, add, line } = setUp();
  expect(interceptors.send(line('x'))).toBeUndefined();
  expect(interceptors.outgoing).toBe(false);
  add('a', mark('a'), { rooms: ['den'] });
  expect(interceptors.send(line('x'))).toBeUndefined();
  expect(interceptors.send(line('x', { kind: 'private', to: 'den' }))).toBeUndefined();
  expect(interceptors.send(line('x', { to: 'den', plugin: 'a' }))).toBeUndefined();
  expect(interceptors.hear({ user: 'al', text: 'x', at: 0, id: '1' })).toBeUndefined();
  expect(interceptors.send(line('x', { to: 'den' }))).toBeInstanceOf(Promise);
});

it('a reload does not put a plugin behind the others', async () => {
  const { interceptors, add, line } = setUp();
  const undo = add('a', mark('a'));
  add('b', mark('b'));
  undo();
  add('a', mark('A'));
  expect(await interceptors.send(line('x'))).toEqual({ text: ['xAb'] });
});

describe('one that fails', () => {
  const failing: Record<string, Ask> = {
    'throws at once': () => {
      throw new Error('broke');
    },
    rejects: async () => Promise.reject(new Error('broke')),
    hangs: () => new Promise(() => {}),
  };

  it.each(Object.keys(failing))('%s: onError decides, and the next one is asked', async (how) => {
    const { interceptors, add, line, clock } = setUp();
    add('a', failing[how]!, { onError: 'allow' });
    add('b', mark('b'));
    const passing = interceptors.send(line('x'));
    await clock.advance(200);
    expect(await passing).toEqual({ text: ['xb'] });
    add('c', failing[how]!, { onError: 'deny' });
    const dropped = interceptors.send(line('x'));
    await clock.advance(400);
    expect(await dropped).toEqual({ dropped: expect.stringMatching(/^c: its interceptor failed \(/) });
  });

  it('answers in time, to the millisecond', async () => {
    const { interceptors, add, line, clock } = setUp();
    add('a', async (one) => {
      await new Promise<void>((resolve) => clock.setTimeout(resolve, 199));
      return mark('a')(one);
    });
    const passing = interceptors.send(line('x'));
    await clock.advance(199);
    expect(await passing).toEqual({ text: ['xa'] });
  });

  it('is not asked about more than 500 lines that it owes answers for, and the log stays short', async () => {
    const { interceptors, add, line, clock, log } = setUp();
    let asked = 0;
    add('a', () => {
      asked++;
      return new Promise(() => {});
    });
    for (let i = 0; i < 600; i++) {
      const passing = interceptors.send(line('x'));
      await clock.advance(200);
      await passing;
    }
    expect(asked).toBe(500);
    expect(log.at('warn').length).toBeLessThan(12);
  });
});

describe('a plugin that is gone', () => {
  it('has no interceptor when it was unloaded', async () => {
    const { interceptors, add, line } = setUp();
    add('a', mark('a'))();
    expect(interceptors.send(line('x'))).toBeUndefined();
  });

  it('keeps what it said about failing while it is down, until it is back', async () => {
    const { interceptors, add, line, down } = setUp();
    add('a', mark('a'))();
    add('b', mark('b'), { onError: 'allow' })();
    down.add('a').add('b');
    expect(await interceptors.send(line('x'))).toEqual({
      dropped: 'a: its interceptor failed (its plugin is down)',
    });
    down.delete('a');
    expect(await interceptors.send(line('x'))).toEqual({ text: ['x'] });
    add('b', mark('B'));
    down.delete('b');
    expect(await interceptors.send(line('x'))).toEqual({ text: ['xB'] });
  });
});

it('notes what was not heard, without the words', async () => {
  const { interceptors, add, noted } = setUp();
  add('a', async () => ({ drop: 'spam' }), { direction: 'incoming' });
  const room = { name: 'indie', private: false, standing: 'visitor' } as const;
  const heard = await interceptors.hear({ room, user: 'al', text: 'buy now', at: 1, id: 'm1' });
  expect(heard).toEqual({ dropped: 'spam' });
  expect(noted).toEqual([
    {
      source: 'interceptors',
      what: 'hear a line',
      reason: 'spam',
      user: 'al',
      room: 'indie',
      plugin: 'a',
      about: 'm1',
    },
  ]);
});
