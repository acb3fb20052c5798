import { type Finding, ok, problem, warning } from '../../bot/doctor/finding.ts';
import type { MachineFacts } from './machine-facts.ts';

/** The least that the package asks for; see `engines`. */
const LEAST_NODE: readonly [number, number] = [20, 19];
/** Below the first nothing can be relied on any more; bytes. */
const LITTLE_SPACE = 10 * 1024 * 1024;
const SOME_SPACE = 200 * 1024 * 1024;
/** Read and write for anybody but the owner. */
const OTHERS = 0o077;

export function nodeRule({ node }: MachineFacts): Finding {
  const [major = 0, minor = 0] = node.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST_NODE;
  const enough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  if (enough) return ok('node', `Node.js ${node}`);
  const least = LEAST_NODE.join('.');
  return problem('node', `Node.js ${node} is too old`, `install Node.js ${least} or newer`);
}

export function storeRule({ store, platform }: MachineFacts): Finding {
  const about = 'store';
  const { path, exists, folderWritable, writable, unreadable, mode, bytes = 0 } = store;
  if (!folderWritable)
    return problem(
      about,
      `no file can be written beside ${path}`,
      'make its folder, and let this user write into it',
    );
  if (!exists) return ok(about, `${path} is not there yet: the first start makes it`);
  if (!writable)
    return problem(about, `${path} cannot be read and written`, 'let this user read and write it');
  if (unreadable !== undefined)
    return problem(
      about,
      `${path} is damaged or no database: ${unreadable}`,
      'put back a copy, or move it away to begin anew',
    );
  // Windows has other permissions, which these bits do not tell.
  if (platform !== 'win32' && mode !== undefined && (mode & OTHERS) !== 0)
    return warning(
      about,
      `others may read ${path}, and what is said in private with it`,
      `chmod 600 ${path}`,
    );
  return ok(about, `${path}, ${size(bytes)}`);
}

export function spaceRule({ store: { freeBytes, path } }: MachineFacts): Finding {
  const about = 'disk';
  if (freeBytes === undefined) return ok(about, 'this system does not tell how much space is left');
  const left = `${size(freeBytes)} left where ${path} is`;
  if (freeBytes < LITTLE_SPACE)
    return problem(
      about,
      left,
      'free some: without it no private message can be stored, and none is taken in',
    );
  if (freeBytes < SOME_SPACE) return warning(about, left, 'free some before it runs out');
  return ok(about, left);
}

/** No bot answers. */
export function silentRule({ store: { locked } }: MachineFacts): Finding {
  const about = 'bot';
  if (locked === undefined)
    return problem(about, 'no bot runs with this config', '`seekeeper start` runs it');
  const who = locked.pid === undefined ? 'a process' : `process ${locked.pid}`;
  return problem(
    about,
    `${who} has the store and does not answer`,
    'it is still starting or stopping, or hangs: look into its log, and end it if nothing moves',
  );
}

function size(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${Math.round(bytes / 1024 ** power)} ${units[power]}`;
}
