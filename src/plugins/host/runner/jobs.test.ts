import { describe, expect, it } from 'vitest';
import type { Bot } from '../../api/bot.ts';
import { definePlugin } from '../../api/define-plugin.ts';
import { PluginError } from '../../api/errors.ts';
import { checkJobSpec } from '../job-spec.ts';
import { fakeHost } from '../testing/fake-services.ts';

async function loaded(setup: (bot: Bot) => void) {
  const { host, services, load } = fakeHost();
  await load(definePlugin({ name: 'p', setup }));
  return { host, services };
}

describe('what a plugin registers', () => {
  it('gets every default that it does not say', async () => {
    const { services, host } = await loaded((bot) => {
      bot.schedule({ id: 'daily', cron: '0 20 * * *' }, () => {});
      bot.every({ id: 'often', every: '90s', jitter: '1m', misfire: 'skip', overlap: 'wait' }, () => {});
      bot.timer('remind', () => {}, { retry: { attempts: 2, backoff: '5s' } });
    });
    const retry = { attempts: 5, backoffMs: 60_000 };
    expect(services.jobs.jobs.get('p/daily')?.spec).toEqual({
      id: 'daily',
      when: { kind: 'cron', cron: '0 20 * * *', gap: 'shift', fold: 'first' },
      misfire: 'once',
      overlap: 'skip',
      retry,
    });
    expect(services.jobs.jobs.get('p/often')?.spec).toEqual({
      id: 'often',
      when: { kind: 'every', everyMs: 90_000, jitterMs: 60_000 },
      misfire: 'skip',
      overlap: 'wait',
      retry,
    });
    expect(services.jobs.listeners.get('p/remind')?.retry).toEqual({ attempts: 2, backoffMs: 5_000 });
    await host.close('over');
    expect(services.jobs.jobs.size + services.jobs.listeners.size).toBe(0);
  });

  it.each<[string, (bot: Bot) => unknown, RegExp]>([
    [
      'a short interval',
      (bot) => bot.every({ id: 'x', every: 10 }, () => {}),
      /bot\.every\("x"\): every must be at least 1s/,
    ],
    [
      'no interval',
      (bot) => bot.every({ id: 'x', every: 'soon' }, () => {}),
      /bot\.every\("x"\): every: "soon" is not a duration/,
    ],
    [
      'long jitter',
      (bot) => bot.every({ id: 'x', every: '1m', jitter: '2m' }, () => {}),
      /jitter must not be longer than every \(1m\)/,
    ],
    [
      'too many attempts',
      (bot) => bot.every({ id: 'x', every: '1m', retry: { attempts: 21 } }, () => {}),
      /retry\.attempts must be a whole number from 1 to 20/,
    ],
    [
      'long back-off',
      (bot) => bot.timer('x', () => {}, { retry: { backoff: '2h' } }),
      /bot\.timer\("x"\): retry\.backoff must be a time of up to 1h/,
    ],
    [
      'no expression',
      (bot) => bot.schedule({ id: 'x', cron: '' }, () => {}),
      /bot\.schedule\("x"\): cron must be an expression/,
    ],
    [
      'no id',
      (bot) => bot.schedule({ id: '', cron: '* * * * *' }, () => {}),
      /the id must be 1 to 64 characters/,
    ],
    [
      'a strange policy',
      (bot) => bot.schedule({ id: 'x', cron: '* * * * *', misfire: 'twice' as never }, () => {}),
      /misfire must be "once" or "skip" or "all"/,
    ],
    [
      'no handler',
      (bot) => bot.schedule({ id: 'x', cron: '* * * * *' }, undefined as never),
      /bot\.schedule\("x"\): the handler is not a function/,
    ],
    [
      'no options',
      (bot) => bot.every(undefined as never, () => {}),
      /bot\.every: give it options with an id/,
    ],
    [
      'an id twice',
      (bot) => [
        bot.every({ id: 'x', every: '1m' }, () => {}),
        bot.schedule({ id: 'x', cron: '* * * * *' }, () => {}),
      ],
      /bot\.schedule\("x"\): the id is in use already/,
    ],
  ])('refuses %s, naming it', async (_, setup, why) => {
    let thrown: unknown;
    await expect(
      loaded((bot) => {
        try {
          setup(bot);
        } catch (error) {
          thrown = error;
          throw error;
        }
      }),
    ).rejects.toThrow(why);
    expect(thrown).toBeInstanceOf(PluginError);
    expect(thrown).toMatchObject({ code: 'invalid' });
  });

  it('can be given up and taken again under the same id', async () => {
    const { services } = await loaded((bot) => {
      bot.every({ id: 'x', every: '1m' }, () => {}).dispose();
      bot.every({ id: 'x', every: '2m' }, () => {});
    });
    expect(services.jobs.jobs.get('p/x')?.spec.when).toMatchObject({ everyMs: 120_000 });
  });

  it('a runner that makes up its own is not believed', () => {
    const good = {
      id: 'x',
      when: { kind: 'every', everyMs: 1000, jitterMs: 0 },
      misfire: 'once',
      overlap: 'skip',
      retry: { attempts: 1, backoffMs: 0 },
    };
    expect(checkJobSpec({ ...good, extra: 1 })).toEqual(good);
    for (const bad of [
      undefined,
      {},
      { ...good, when: { kind: 'every', everyMs: 0, jitterMs: 0 } },
      { ...good, when: { kind: 'every', everyMs: Number.NaN, jitterMs: 0 } },
      { ...good, when: { kind: 'cron', cron: 5, gap: 'shift', fold: 'first' } },
      { ...good, when: { kind: 'cron', cron: '* * * * *', timezone: 5, gap: 'shift', fold: 'first' } },
      { ...good, retry: { attempts: 1e9, backoffMs: 0 } },
      { ...good, retry: undefined },
      { ...good, id: 'a\nb' },
    ])
      expect(() => checkJobSpec(bad)).toThrow(PluginError);
  });
});

describe('what runs', () => {
  it('gets the run or the payload, and succeeds when its promise resolves', async () => {
    const seen: unknown[] = [];
    const { services } = await loaded((bot) => {
      bot.every({ id: 'x', every: '1m' }, async ({ attempt, run }) => {
        seen.push([attempt, run]);
        // What it returns need not be plain data.
        return { toString: () => 'x', circle: seen };
      });
      bot.timer<{ n: number }>('t', ({ n }, { key }) => {
        seen.push([n, key]);
        if (n > 1) throw new Error('no luck');
      });
    });
    expect(await services.jobs.due('p/x', { attempt: 2, run: 'r' })).toEqual({ how: 'done' });
    await services.jobs.setTimer('p', 't', 'a', 5, { n: 1 });
    await services.jobs.setTimer('p', 't', 'b', 6, { n: 2 });
    expect(await services.jobs.fire('p', 't', 'a')).toEqual({ how: 'done' });
    expect(await services.jobs.fire('p', 't', 'b')).toEqual({ how: 'error', message: 'no luck' });
    expect(seen).toEqual([
      [2, 'r'],
      [1, 'a'],
      [2, 'b'],
    ]);
    expect([...services.jobs.timers.keys()]).toEqual(['p/t/b']);
  });
});
