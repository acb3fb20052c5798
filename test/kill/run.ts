/**
 * Kills a bot that people write to, again and again, as `kill -9` does, and then looks whether anything was lost:
 *
 * - every private message was handled at least once;
 * - none was acknowledged to the server that was not in the store;
 * - a second handling was announced as one;
 * - a counter keyed by event id is exact;
 * - every timer that was set has fired, every due time of two jobs was run, and a second time was announced.
 *
 * tsx test/kill/run.ts [--rounds 200] [--seed 1]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openSqlite } from '../../src/bot/store/sqlite-backend.ts';
import { nullLog } from '../../src/platform/null-log.ts';
import { realPlatform } from '../../src/platform/real/real-platform.ts';
import { after } from '../../src/platform/time.ts';
import { SeededRandom } from '../../src/platform/virtual/seeded-random.ts';
import { realSandbox } from '../../src/sandbox/index.ts';
import { Checks, readEvidence } from './evidence.ts';
import { checkTime, timersLeft } from './time-evidence.ts';

const BOT = 'seekeeper';
const PEOPLE = ['al', 'bob', 'Bob'];

/** Milliseconds after which a bot that is left alone must have done everything. */
const PATIENCE_MS = 60_000;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const rounds = Number(values.rounds);
const platform = realPlatform(nullLog);
const { clock } = platform;
const random = new SeededRandom(`kill ${values.seed}`);
const folder = mkdtempSync(join(tmpdir(), 'seekeeper-kill-'));
const storePath = join(folder, 'store.db');
const evidencePath = join(folder, 'evidence.jsonl');
const timeEvidencePath = join(folder, 'time.jsonl');
const checks = new Checks();

const sandbox = await realSandbox({ platform, floodLimits: false });
let logins = 0;
sandbox.server.on('login', ({ user }) => {
  if (user === BOT) logins += 1;
});
const chatter = new AbortController();
await talkAllTheTime(chatter.signal);

const killed = { starting: 0, working: 0 };
let next = prepareBot();
for (let round = 1; round <= rounds; round += 1) {
  const bot = next;
  next = prepareBot();
  const loginsBefore = logins;
  bot.stdin?.write('go\n');
  // Some of the kills come at any moment from the start on, the others while messages are handled.
  if (random.float() < 0.5) await after(clock, random.int(0, 500));
  else {
    await until('the bot logs in', () => logins > loginsBefore);
    await after(clock, random.int(0, 600));
  }
  killed[logins > loginsBefore ? 'working' : 'starting'] += 1;
  await end(bot, 'SIGKILL');
  // What the dead bot had sent may still be on its way to the server.
  await after(clock, 20);
  await checkAcknowledged(round);
  if (round % 20 === 0)
    console.log(`${round} rounds, ${sent().length} messages, ${readEvidence(evidencePath).length} handlings`);
}

chatter.abort();
next.stdin?.write('go\n');
await until('everything is acknowledged', () => sandbox.server.world.unacknowledged(BOT).length === 0);
await until(
  'everything is handled',
  () => new Set(readEvidence(evidencePath).map(({ id }) => id)).size >= sent().length,
);
await until('every timer has fired', () => timersLeft(timeEvidencePath).length === 0);
await after(clock, 4000);
await end(next, 'SIGTERM');
await checkAcknowledged(rounds + 1);
const summary = await checkEverything();
const timeSummary = await checkTime(timeEvidencePath, checks, query);
await sandbox.stop();
rmSync(folder, { recursive: true, force: true });

console.log(
  `${rounds} kills (${killed.starting} before the login, ${killed.working} after it), seed ${values.seed}`,
);
console.log(summary);
console.log(timeSummary);
for (const failure of checks.failures.slice(0, 20)) console.log(`FAILED: ${failure}`);
console.log(`${checks.passed} passed, ${checks.failed} failed`);
process.exit(checks.failed === 0 ? 0 : 1);

/** A process that begins when it is told to. */
function prepareBot(): ChildProcess {
  const program = fileURLToPath(new URL('bot-process.ts', import.meta.url));
  const args = [
    '--import',
    'tsx',
    program,
    String(sandbox.address.port),
    storePath,
    evidencePath,
    timeEvidencePath,
  ];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  child.once('exit', (code) => {
    if (code !== null && code !== 0)
      checks.check(false, () => `the bot ended by itself with exit code ${code}`);
  });
  return child;
}

function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) resolve();
    else {
      child.once('exit', () => resolve());
      child.kill(signal);
    }
  });
}

/** People write at random moments, now and then the same text again. */
async function talkAllTheTime(signal: AbortSignal): Promise<void> {
  for (const name of PEOPLE) {
    const who = sandbox.person(name);
    await who.login();
    const own = random.fork(name);
    void (async () => {
      for (let number = 1; !signal.aborted; number += 1) {
        who.pm(BOT, own.float() < 0.1 ? 'again' : `message ${number}`);
        await after(clock, own.int(100, 900), signal).catch(() => {});
      }
    })();
  }
}

/** What people wrote, as the server took it. */
function sent() {
  return sandbox.server.world.messages.filter(({ to }) => to === BOT);
}

async function query(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const database = openSqlite({ path: storePath, log: nullLog });
  try {
    return (await database.query(sql, [])).rows;
  } finally {
    await database.close();
  }
}

/** None acknowledged before it was stored. */
async function checkAcknowledged(round: number): Promise<void> {
  const acknowledged = sent().filter(({ ackedAt }) => ackedAt !== undefined);
  if (acknowledged.length === 0) return;
  const stored = new Set(
    (await query('select id, sender from inbox')).map(({ id, sender }) => `${String(id)} ${String(sender)}`),
  );
  const lost = acknowledged.filter(({ id, from }) => !stored.has(`${id} ${from}`));
  checks.check(
    lost.length === 0,
    () => `round ${round}: acknowledged and not stored: ${lost.map(({ text }) => text).join(', ')}`,
  );
}

async function checkEverything(): Promise<string> {
  const messages = sent();
  const handlings = readEvidence(evidencePath);
  const times = new Map<string, number>();
  for (const { id, text, redelivered } of handlings) {
    const time = (times.get(id) ?? 0) + 1;
    times.set(id, time);
    if (time > 1)
      checks.check(
        redelivered,
        () => `"${text}" (${id}) was handled for the ${time}. time and not announced so`,
      );
  }
  for (const name of PEOPLE) {
    const written = messages.filter(({ from }) => from === name).map(({ text }) => text);
    const seen = new Set<string>();
    const first = handlings.filter(({ id, user }) => user === name && !seen.has(id) && seen.add(id));
    checks.check(
      JSON.stringify(first.map(({ text }) => text)) === JSON.stringify(written),
      () => `${name} wrote ${written.length} messages; ${first.length} were handled, or in another order`,
    );
  }
  const [counted] = await query("select count(*) as n from kv where instance = 'counter'");
  checks.check(
    counted?.['n'] === messages.length,
    () => `the counter is ${String(counted?.['n'])}, not ${messages.length}`,
  );
  const [open] = await query("select count(*) as n from inbox where state != 'done'");
  checks.check(open?.['n'] === 0, () => `${String(open?.['n'])} messages are not done`);
  const again = handlings.length - times.size;
  const marked = handlings.filter(({ redelivered }) => redelivered).length;
  return `${messages.length} messages, each handled; ${again} handled again, ${marked} announced as redelivered; counter ${String(counted?.['n'])}`;
}

async function until(what: string, reached: () => boolean): Promise<void> {
  const deadline = clock.monotonic() + PATIENCE_MS;
  while (!reached()) {
    if (clock.monotonic() > deadline) {
      console.log(`FAILED: not within ${PATIENCE_MS / 1000} s: ${what}`);
      console.log(`${checks.passed} passed, ${checks.failed + 1} failed`);
      process.exit(1);
    }
    await after(clock, 20);
  }
}
