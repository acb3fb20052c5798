import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Ended } from './delivery.ts';
import { ProvidedServices } from './provided-services.ts';

const answering = (value: unknown) => async (): Promise<Ended> => ({ how: 'done', value });

it('a name belongs to one instance, until that gives it back', () => {
  const services = new ProvidedServices();
  const release = services.take('a', 'lyrics');
  expect(() => services.take('b', 'lyrics')).toThrow(/provided by plugin a already/);
  release();
  release();
  services.take('b', 'lyrics');
  for (const name of ['', 'Lyrics', '9', 'a b', 'x'.repeat(65)])
    expect(() => services.take('a', name)).toThrow(/is not allowed/);
});

it('at a reload the name is never free and always answered', async () => {
  const services = new ProvidedServices();
  const release1 = services.take('a', 'lyrics');
  const close1 = services.open('lyrics', ['find'], answering(1));
  const release2 = services.take('a', 'lyrics');
  expect(await services.call('lyrics', 'find', [])).toBe(1);
  const close2 = services.open('lyrics', ['find'], answering(2));
  close1();
  release1();
  expect(await services.call('lyrics', 'find', [])).toBe(2);
  expect(() => services.take('b', 'lyrics')).toThrow();
  close2();
  release2();
  await expect(services.call('lyrics', 'find', [])).rejects.toMatchObject({ code: 'no-service' });
  services.take('b', 'lyrics');
});

it('the running version withdraws it while the next one waits: it is still that plugin’s name', () => {
  const services = new ProvidedServices();
  const release1 = services.take('a', 'lyrics');
  const close1 = services.open('lyrics', ['find'], answering(1));
  services.take('a', 'lyrics');
  close1();
  release1();
  expect(() => services.take('b', 'lyrics')).toThrow();
});

it('says what is missing, and passes on what went wrong', async () => {
  const services = new ProvidedServices();
  const ends: Record<string, Ended> = {
    cut: { how: 'cut' },
    error: { how: 'error', error: { message: 'no such song', stack: 'secret' } },
  };
  services.take('a', 'lyrics');
  services.open('lyrics', ['cut', 'error'], async (method) => ends[method]!);
  const call = (name: string, method: string) => services.call(name, method, []);
  await expect(call('lyrics', 'find')).rejects.toThrow('the service "lyrics" has no function "find"');
  await expect(call('lyric', 'find')).rejects.toThrow('no loaded plugin provides the service "lyric"');
  await expect(call('lyrics', 'cut')).rejects.toMatchObject({ code: 'no-service' });
  await expect(call('lyrics', 'error')).rejects.toMatchObject({
    code: 'failed',
    message: 'lyrics.error: no such song',
  });
});

it('whatever is taken and given back in whatever order: taken by one instance at a time, free in the end', () => {
  const step = fc.record({ instance: fc.constantFrom('a', 'b'), take: fc.boolean(), which: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const services = new ProvidedServices();
      const held: { instance: string; release: () => void }[] = [];
      for (const { instance, take, which } of steps) {
        if (take) {
          const free = held.every((one) => one.instance === instance);
          const attempt = () => held.push({ instance, release: services.take(instance, 'x') });
          if (free) attempt();
          else expect(attempt).toThrow();
        } else held.splice(which % Math.max(held.length, 1), 1)[0]?.release();
      }
      for (const { release } of held) release();
      services.take('c', 'x');
    }),
  );
});
