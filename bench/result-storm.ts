import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { defaultPeerLimits } from '../src/network/peers/peer-options.ts';
import type { Benchmark, BenchmarkResult } from './benchmark.ts';
import type { BotReport, CrowdReport, Ready } from './storm-parts/messages.ts';

const SIZES = [500, 2000] as const;
const RUNS = 3;
/** Milliseconds from the last byte to the last closed socket. */
const CLOSING_BUDGET_MS = 3000;

interface Storm {
  readonly bot: BotReport;
  readonly crowd: CrowdReport;
}

function start(file: string, ...args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(new URL(`./storm-parts/${file}.ts`, import.meta.url)), args, {
    execArgv: process.execArgv,
    // Infinity must survive.
    serialization: 'advanced',
  });
}

const next = <T>(child: ChildProcess): Promise<T> =>
  new Promise<T>((resolve, reject) => {
    const gone = (code: number | null) => reject(new Error(`a process of the storm ended with ${code}`));
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      resolve(message as T);
    });
  });

async function storm(peers: number): Promise<Storm> {
  const crowd = start('crowd', String(peers));
  const { port } = await next<Ready>(crowd);
  const bot = start('bot', String(port));
  try {
    const botReport = await next<BotReport>(bot);
    const crowdReport = next<CrowdReport>(crowd);
    crowd.send('report');
    return { bot: botReport, crowd: await crowdReport };
  } finally {
    crowd.disconnect();
  }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

function describe(peers: number, storms: readonly Storm[]): string[] {
  return storms.map(
    ({ bot, crowd }, index) =>
      `${peers} peers, run ${index + 1}: ${crowd.delivered} results in ${seconds(crowd.stormMs)}, ${crowd.refused} peers refused, ` +
      `${peers - bot.users} lost (${bot.hits} hits); at once ${bot.peakAccepted} accepted and ${bot.peakDialled} dialled sockets; ` +
      `${crowd.requests} asked to be connected to: ${crowd.pierced} were, ${crowd.declined} were told no; ` +
      `all closed ${seconds(bot.closingMs)} after the last byte; ${bot.cpu.toFixed(2)} s of CPU, ` +
      `${bot.memory.toFixed(0)} MiB at the peak (${bot.memoryBefore.toFixed(0)} before)`,
  );
}

const kept = (peers: number, { bot }: Storm): boolean =>
  bot.users === peers &&
  bot.peakAccepted <= defaultPeerLimits.accepted &&
  bot.peakDialled <= defaultPeerLimits.open &&
  bot.closingMs <= CLOSING_BUDGET_MS;

async function run(): Promise<BenchmarkResult> {
  const details: string[] = [];
  let ok = true;
  let worst = 0;
  for (const peers of SIZES) {
    const storms: Storm[] = [];
    for (let i = 0; i < RUNS; i++) storms.push(await storm(peers));
    details.push(...describe(peers, storms));
    ok &&= storms.every((each) => kept(peers, each));
    worst = Math.max(...storms.map(({ bot }) => bot.closingMs));
  }
  return {
    figure: (worst / 1000).toFixed(2),
    unit: `s from the last byte of ${SIZES.at(-1)} results to the last closed socket, the worst of ${RUNS} runs`,
    budget: `<= ${CLOSING_BUDGET_MS / 1000}, none lost, no more than ${defaultPeerLimits.accepted} accepted and ${defaultPeerLimits.open} dialled sockets`,
    ok,
    details,
  };
}

/** Every peer brings a result at once, half of them ask to be connected to as well, and none ever closes a connection. */
export const resultStorm: Benchmark = {
  name: 'result-storm',
  summary:
    'search results of 500 and 2,000 peers at once, over TCP; bot and peers are processes of their own',
  run,
};
