import { describe, expect, it } from 'vitest';
import { inProcessChannel } from './channel.ts';

const turn = () => new Promise<void>((resolve) => queueMicrotask(resolve));

describe('inProcessChannel', () => {
  it('copies both ways, in order, never during post', async () => {
    const { host, plugin } = inProcessChannel();
    const atPlugin: unknown[] = [];
    const atHost: unknown[] = [];
    plugin.onMessage((m) => atPlugin.push(m));
    host.onMessage((m) => atHost.push(m));
    const sent = { list: [1] };
    host.post(sent);
    host.post('second');
    plugin.post(new Map([['k', { v: 1 }]]));
    sent.list.push(2);
    expect([atPlugin, atHost]).toEqual([[], []]);
    await turn();
    expect(atPlugin).toEqual([{ list: [1] }, 'second']);
    expect(atHost).toEqual([new Map([['k', { v: 1 }]])]);
  });

  it('delivers nothing after either end was closed, not even what was under way', async () => {
    for (const closer of ['host', 'plugin'] as const) {
      const ends = inProcessChannel();
      const got: unknown[] = [];
      ends.host.onMessage((m) => got.push(m));
      ends.plugin.onMessage((m) => got.push(m));
      ends.host.post(1);
      ends.plugin.post(2);
      ends[closer].close();
      ends.host.post(3);
      await turn();
      expect(got).toEqual([]);
    }
  });

  it.each([
    [{ a: { b: [1, () => {}] } }, /a\.b\[1\] is a function, which cannot be handed over/],
    [{ s: Symbol('x') }, /message: s is a symbol/],
    [{ p: Promise.resolve() }, /p is a Promise, which cannot be handed over; await it first/],
    [new WeakMap(), /the value is a WeakMap/],
  ])('says what cannot be copied, and where', (message, text) => {
    expect(() => inProcessChannel().host.post(message)).toThrow(text);
  });
});
