/**
 * `npx tsx scripts/interop-tree.ts [--port 22420] [--clients 1] [--searches 100] [--word WORD]`
 *
 * The search tree against other people's clients. A server on this machine waits until so many clients have logged in, with
 * any name, then offers them and a client of ours to each other as parent and child, in both roles, sends searches from the
 * root down and says what came of them. With two or more there is also a branch of three levels, ours in the middle.
 * `--word`: something that finds files of every client; then their answers are counted too. Exit code 1 if something failed.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { SoulseekClient } from '../src/network/index.ts';
import { nullLog } from '../src/platform/null-log.ts';
import { realPlatform } from '../src/platform/real/real-platform.ts';
import { encodeDistributedMessage, SEARCH_IDENTIFIER, type ServerRequest } from '../src/protocol/index.ts';
import { SandboxServer } from '../src/sandbox/index.ts';

const OURS = 'treebot';
const ASKER = 'treeasker';
/** Length field and code of a distributed frame. */
const HEADER = 5;
const DISTRIB_SEARCH = 3;
/** Bytes per second: enough for ten children by every known formula. */
const SPEED = 1_000_000;
const PATIENCE_MS = 20_000;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '22420' },
    clients: { type: 'string', default: '1' },
    searches: { type: 'string', default: '100' },
    word: { type: 'string' },
  },
});
const wanted = Number(values.clients);
const count = Number(values.searches);
const query = values.word ?? 'nothing in particular';
if (![wanted, count].every((number) => Number.isInteger(number) && number > 0)) {
  console.error(
    'usage: npx tsx scripts/interop-tree.ts [--port 22420] [--clients 1] [--searches 100] [--word WORD]',
  );
  process.exit(2);
}

const platform = realPlatform(nullLog);
const server = new SandboxServer(platform, { port: Number(values.port), floodLimits: false });
const { host, port } = await server.start();
const clientOf = (username: string) =>
  new SoulseekClient({
    platform,
    server: { host, port },
    username,
    password: 'any',
    listen: { host, port: 0, obfuscatedPort: false },
  });
const bot = clientOf(OURS);
const asker = clientOf(ASKER);

/** How often each search came to us, and by how many answers each was followed, by token and user. */
const heard = new Map<number, number>();
const answers = new Map<string, number>();
const add = <K>(to: Map<K, number>, key: K) => to.set(key, (to.get(key) ?? 0) + 1);
bot.tree.onSearch((batch) => {
  for (const { token } of batch) add(heard, token);
});
asker.peerMessages.on('FileSearchResponse', ({ token }, { user }) => void add(answers, `${token} ${user}`));
asker.peerMessages.onSearchResponse(() => true);

let failed = 0;
function say(ok: boolean, what: string): void {
  if (!ok) failed++;
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}`);
}

/** Whether it came true in time. */
async function until(holds: () => boolean, then: () => void = () => {}): Promise<boolean> {
  for (let waited = 0; waited < PATIENCE_MS && !holds(); waited += 250) {
    then();
    await sleep(250);
  }
  return holds();
}

let nextToken = 1000;
/** The server hands a search to a branch root. */
function feed(root: string): number {
  const token = nextToken++;
  const search = { username: ASKER, token, query } as const;
  const frame = encodeDistributedMessage({ type: 'DistribSearch', identifier: SEARCH_IDENTIFIER, ...search });
  const distribMessage = frame.subarray(HEADER);
  server.sendTo(root, { type: 'EmbeddedMessage', distribCode: DISTRIB_SEARCH, distribMessage });
  return token;
}

/** The server suggests `parent` to `child`. */
function offer(child: string, parent: string): void {
  const { host: ip, port: listens } = server.world.session(parent)!;
  server.sendTo(child, { type: 'PossibleParents', parents: [{ username: parent, ip, port: listens }] });
}

/** The server says that they upload fast. */
function speedUp(users: readonly string[]): void {
  const rest = { uploadNum: 1, unknown: 0, files: 0, dirs: 0 };
  for (const username of users)
    server.sendTo(username, { type: 'GetUserStats', username, avgSpeed: SPEED, ...rest });
}

const place = (user: string) => server.world.session(user)!.tree;
const placeText = (user: string) => {
  const { noParent, level, root } = place(user);
  return `${user} says: ${noParent ? 'no parent' : 'has a parent'}, level ${level}, root ${root}`;
};
const isBelow = (user: string, level: number, root: string) => {
  const at = place(user);
  return !at.noParent && at.level === level && at.root === root;
};

/** Forgets whom the server suggested: Nicotine+ takes nobody for a child who was on its last list of possible parents. */
function suggestNobody(user: string): void {
  server.sendTo(user, { type: 'PossibleParents', parents: [] });
}

/** Offers `parent` to `child`, and feeds the root until the child has taken it. */
async function join(child: string, parent: string, level: number, root: string): Promise<void> {
  suggestNobody(parent);
  feed(root);
  await sleep(500);
  offer(child, parent);
  const joined = await until(
    () => isBelow(child, level, root),
    () => void feed(root),
  );
  say(joined, `${child} below ${parent}: ${placeText(child)}`);
}

/** Sends searches down from the root and looks who got them, and how often. */
async function flood(root: string, below: readonly string[], others: readonly string[]): Promise<void> {
  await sleep(1000);
  const given = childMessages();
  const tokens = Array.from({ length: count }, () => feed(root));
  const all = () => tokens.every((token) => heard.has(token));
  await until(all);
  const times = tokens.map((token) => heard.get(token) ?? 0);
  const once = times.filter((n) => n === 1).length;
  say(
    once === count,
    `of ${count} searches at ${root} we got ${once} once, ${times.filter((n) => n > 1).length} more often`,
  );
  for (const child of below) {
    const relayed = (childMessages().get(child) ?? 0) - (given.get(child) ?? 0);
    say(relayed === count, `we passed ${relayed} of them on to ${child}`);
  }
  if (values.word === undefined) return;
  for (const user of others) {
    const of = (token: number) => answers.get(`${token} ${user}`) ?? 0;
    await until(() => tokens.every((token) => of(token) > 0));
    const right = tokens.filter((token) => of(token) === 1).length;
    say(
      right === count,
      `${user} answered ${right} of them once, ${tokens.filter((token) => of(token) > 1).length} more often`,
    );
  }
}

const childMessages = () =>
  new Map(bot.tree.snapshot().children.map(({ user, messages }) => [user, messages] as const));

/** What a user told the server about the tree since a moment, as text. */
function toldSince(user: string, at: number): string {
  const words = server.received(user).flatMap((received) => {
    const said = received.at < at ? undefined : treeWords(received.request);
    return said === undefined ? [] : [said];
  });
  return words.join(', ') || 'nothing';
}

function treeWords(request: ServerRequest): string | undefined {
  switch (request.type) {
    case 'HaveNoParent':
      return `HaveNoParent ${request.noParent}`;
    case 'BranchLevel':
      return `BranchLevel ${request.level}`;
    case 'BranchRoot':
      return `BranchRoot ${request.username}`;
    case 'AcceptChildren':
      return `AcceptChildren ${request.accept}`;
    default:
      return undefined;
  }
}

/** The server resets a user's place; whoever is below loses its parent too. */
async function reset(user: string, losers: readonly string[]): Promise<void> {
  const at = platform.clock.now();
  server.resetDistributed(user);
  const lost = await until(() => losers.every((loser) => place(loser).noParent && place(loser).level === 0));
  await sleep(500);
  say(lost, `ResetDistributed to ${user}:`);
  for (const who of new Set([user, ...losers]))
    console.log(`         ${who} told the server ${toldSince(who, at)}`);
}

for (const client of [bot, asker]) {
  await client.start();
  await client.online();
}
console.log(`Waiting for ${wanted} client(s): log in at ${host}:${port} with any name and password.`);
const logins = new Set<string>();
server.on('login', ({ user }) => logins.add(user));
while (logins.size < wanted) await sleep(250);
// They say where they listen, scan what they share, and ask about themselves.
await sleep(5000);
const clients = [...logins];
speedUp([OURS, ...clients]);

for (const client of clients) {
  console.log(`\n${client} below us, a branch root`);
  await join(client, OURS, 1, OURS);
  await flood(OURS, [client], [client]);
  await reset(client, [client]);
  await join(client, OURS, 1, OURS);
  await reset(OURS, [client]);

  console.log(`\nwe below ${client}, a branch root`);
  await join(OURS, client, 1, client);
  await flood(client, [], [client]);
  await reset(client, [OURS]);
  await join(OURS, client, 1, client);
  await reset(OURS, [OURS]);
  await reset(client, []);
}
const [root, leaf] = clients;
if (root !== undefined && leaf !== undefined) {
  console.log(`\n${root} at the root, we below it, ${leaf} below us`);
  await join(OURS, root, 1, root);
  await join(leaf, OURS, 2, root);
  await flood(root, [leaf], [root, leaf]);
  await reset(root, [OURS]);
}
console.log(`\n${failed === 0 ? 'Everything was as it should be.' : `${failed} failed.`}`);
console.log(JSON.stringify(bot.tree.snapshot().counts));
for (const client of [bot, asker]) await client.stop();
await server.stop();
process.exitCode = failed === 0 ? 0 : 1;
