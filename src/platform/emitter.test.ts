import { describe, expect, it } from 'vitest';
import { Emitter } from './emitter.ts';

interface Events {
  tick: number;
}

describe('Emitter', () => {
  it('goes on after a handler threw, and says so', () => {
    const errors: unknown[] = [];
    const seen: number[] = [];
    const emitter = new Emitter<Events>((error) => errors.push(error));
    emitter.on('tick', () => {
      throw new Error('boom');
    });
    emitter.on('tick', (n) => seen.push(n));
    emitter.emit('tick', 7);
    expect(seen).toEqual([7]);
    expect(errors).toHaveLength(1);
  });

  it('undoes exactly one registration, even of the same function twice', () => {
    const seen: number[] = [];
    const emitter = new Emitter<Events>(() => {});
    const handler = (n: number) => void seen.push(n);
    const undo = emitter.on('tick', handler);
    emitter.on('tick', handler);
    undo();
    undo();
    emitter.emit('tick', 1);
    expect(seen).toEqual([1]);
    expect(emitter.listenerCount('tick')).toBe(1);
  });

  it('does not call a handler added while emitting', () => {
    const seen: string[] = [];
    const emitter = new Emitter<Events>(() => {});
    emitter.on('tick', () => {
      emitter.on('tick', () => void seen.push('late'));
    });
    emitter.emit('tick', 1);
    expect(seen).toEqual([]);
  });
});
