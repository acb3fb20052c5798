import { bareRelay } from './bare.ts';
import { ourRelay } from './ours.ts';
import type { Role, Usage } from './processes.ts';
import { sink } from './sink.ts';
import { source } from './source.ts';

type Calls = Record<string, (...args: never[]) => unknown>;

const usage = (): Usage => {
  const { user, system } = process.cpuUsage();
  return { cpu: (user + system) / 1e6, peak: process.resourceUsage().maxRSS / 1024 };
};

/** Waits for something that has no event. */
const until = async (done: () => boolean): Promise<void> => {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 1));
};

function relayCalls(start: (parentPort: number, maxChildren: number) => Promise<RelayCalls>): Calls {
  let relay: RelayCalls | undefined;
  return {
    start: async (parentPort: number, maxChildren: number) => {
      relay = await start(parentPort, maxChildren);
      await until(relay.fed);
      return relay.port;
    },
    children: (count: number) => until(() => relay?.children() === count),
    dropped: () => relay?.dropped() ?? 0,
    usage,
  };
}

interface RelayCalls {
  readonly port: number;
  readonly fed: () => boolean;
  readonly children: () => number;
  readonly dropped: () => number;
}

const roles: Record<Role, () => Calls> = {
  source,
  sink,
  bare: () =>
    relayCalls(async (parentPort) => ({
      ...(await bareRelay(parentPort)),
      fed: () => true,
      dropped: () => 0,
    })),
  ours: () => relayCalls(ourRelay),
};

const calls = roles[process.argv[2] as Role]();
process.on('message', ({ id, name, args }: { id: number; name: string; args: never[] }) => {
  void Promise.resolve(calls[name]?.(...args)).then((value) => process.send?.({ id, value }));
});
process.on('disconnect', () => process.exit());
