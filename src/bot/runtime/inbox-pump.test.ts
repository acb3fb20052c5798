import { describe, expect, it } from 'vitest';
import { deferred } from '../../platform/deferred.ts';
import { memoryLog } from '../../platform/memory-log.ts';
import { VirtualClock } from '../../platform/virtual/virtual-clock.ts';
import { type InboxMessage, InboxPump, type PumpInbox } from './inbox-pump.ts';

function setUp(
  part: Partial<PumpInbox> = {},
  handled: (message: InboxMessage) => Promise<boolean> = async () => true,
) {
  const clock = new VirtualClock();
  const log = memoryLog();
  const steps: string[] = [];
  const inbox: PumpInbox = {
    begin: async (key) => {
      steps.push(`begin ${key}`);
      return { redelivered: false };
    },
    done: async (key) => void steps.push(`done ${key}`),
    pending: async () => [],
    ...part,
  };
  const pump = new InboxPump({
    inbox,
    clock,
    log,
    deliver: (message, redelivered) => {
      steps.push(`deliver ${message.key}${redelivered ? ' again' : ''}`);
      return { started: Promise.resolve(), handled: handled(message) };
    },
  });
  return { pump, clock, log, steps };
}

const message = (key: string, user = 'al'): InboxMessage => ({
  key,
  user,
  text: key,
  sentAt: 0,
  replayed: false,
  at: 0,
});

describe('InboxPump', () => {
  it('notes the beginning before it delivers and the end after', async () => {
    const { pump, clock, steps } = setUp();
    pump.open();
    pump.receive(message('1'));
    await clock.settle();
    expect(steps).toEqual(['begin 1', 'deliver 1', 'done 1']);
    expect(pump.size).toBe(0);
  });

  it('lets notices of the server go, now and from an earlier run, without delivering them', async () => {
    const left = { key: 'n1', user: 'server', text: 'x', timestamp: 5, replayed: false, at: 1, attempts: 0 };
    const { pump, clock, steps } = setUp({ pending: async () => [left] });
    expect(await pump.load()).toBe(0);
    pump.open();
    pump.dismiss('n2');
    await clock.settle();
    expect(steps).toEqual(['done n1', 'done n2']);
    expect(pump.size).toBe(0);
  });

  it('delivers what an earlier run left before anything new of the same user, when it is opened', async () => {
    const left = { key: 'old', user: 'al', text: 'old', timestamp: 5, replayed: true, at: 1, attempts: 1 };
    const { pump, clock, steps } = setUp({
      pending: async () => [left],
      begin: async (key) => ({ redelivered: key === 'old' }),
    });
    expect(await pump.load()).toBe(1);
    pump.receive(message('new'));
    await clock.settle();
    expect(steps).toEqual([]);
    pump.open();
    await clock.settle();
    expect(steps).toEqual(['deliver old again', 'done old', 'deliver new', 'done new']);
  });

  it('delivers what was cut off again, later and later, until it is done or nobody can', async () => {
    let whole = false;
    const { pump, clock, steps } = setUp({}, async () => whole);
    pump.open();
    pump.receive(message('1'));
    await clock.settle();
    expect(steps).toEqual(['begin 1', 'deliver 1']);
    expect(pump.size).toBe(0);
    await clock.advance(60_000);
    expect(steps).toHaveLength(4);
    whole = true;
    await clock.advance(300_000);
    expect(steps.slice(4)).toEqual(['begin 1', 'deliver 1', 'done 1']);
    whole = false;
    pump.receive(message('2'));
    await clock.advance(24 * 3_600_000);
    expect(steps.filter((step) => step === 'deliver 2')).toHaveLength(4);
  });

  it('delivers nothing again once it is stopped', async () => {
    const { pump, clock, steps } = setUp({}, async () => false);
    pump.open();
    pump.receive(message('1'));
    await clock.settle();
    pump.stop();
    pump.receive(message('2'));
    await clock.advance(3_600_000);
    expect(steps.filter((step) => step === 'deliver 1')).toHaveLength(1);
  });

  it('delivers nothing that it could not note as begun, complains once, and goes on when the store does', async () => {
    let broken = true;
    const { pump, clock, steps, log } = setUp({
      begin: async () => {
        if (broken) throw new Error('disk full');
        return { redelivered: false };
      },
    });
    pump.open();
    pump.receive(message('1'));
    pump.receive(message('2'));
    await clock.advance(600_000);
    expect(steps).toEqual([]);
    expect(log.at('error')).toHaveLength(1);
    broken = false;
    await clock.advance(60_000);
    expect(steps).toEqual(['deliver 1', 'done 1', 'deliver 2', 'done 2']);
  });

  it('leaves a message that was cut off for the next run', async () => {
    const { pump, clock, steps } = setUp({}, async () => false);
    pump.open();
    pump.receive(message('1'));
    await clock.settle();
    expect(steps).toEqual(['begin 1', 'deliver 1']);
    expect(pump.size).toBe(0);
  });

  it('begins nothing more once stopped, but notes what was being handled', async () => {
    const gate = deferred<boolean>();
    const { pump, clock, steps } = setUp({}, () => gate.promise);
    pump.open();
    pump.receive(message('1', 'al'));
    await clock.settle();
    pump.receive(message('2', 'bob'));
    pump.stop();
    await clock.settle();
    gate.resolve(true);
    await pump.idle();
    expect(steps).toEqual(['begin 1', 'deliver 1', 'done 1']);
  });

  it('does not hang on a store that fails while it is stopped', async () => {
    const { pump, clock } = setUp({ begin: () => Promise.reject(new Error('closed')) });
    pump.open();
    pump.receive(message('1'));
    await clock.advance(1_500);
    pump.stop();
    await clock.run(pump.idle());
    expect(pump.size).toBe(0);
  });
});
