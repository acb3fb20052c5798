import type { PluginInfo } from '../../plugins/host/types.ts';
import type { BotStatus } from '../runtime/status.ts';
import type { DoctorFacts } from './facts.ts';

export const NOW = Date.UTC(2026, 0, 2);
export const HOUR = 3_600_000;

/** A plugin that is well. */
export const plugin: PluginInfo = {
  id: 'seen',
  name: 'seen',
  state: 'running',
  runtime: 'inproc',
  restarts: 0,
  since: NOW - HOUR,
  reloads: 0,
  times: { count: 0, meanMs: 0, maxMs: 0 },
  needs: [],
  granted: [],
  handlers: 1,
  commands: [],
  watches: 0,
  queued: 0,
  calls: 0,
  searches: 0,
  dropped: 0,
  failures: 0,
};

/** A bot that has been well for a day. */
export const well: DoctorFacts = {
  now: NOW,
  searches: [],
  decisions: [],
  deadJobs: { count: 0 },
  notices: { dead: 0, failing: [] },
  process: { pid: 7, descriptors: 40, descriptorLimit: 1024, residentBytes: 80 * 1024 * 1024 },
  status: {
    user: 'keeper',
    phase: 'ready',
    since: NOW - 24 * HOUR,
    session: { name: 'online', since: NOW - 24 * HOUR, greeting: '', ip: '192.0.2.1', supporter: false },
    rooms: [{ name: 'indie', joined: true, private: false, standing: 'visitor', users: 9 }],
    plugins: [plugin],
    failedPlugins: [],
    commands: [],
    inbox: { waiting: 0, unstored: 0 },
    outbox: { waiting: 0 },
    governor: { open: true, queued: [], left: { 'any line': 5 }, sent: {}, dropped: {} },
    peers: {
      accepted: { open: 1, waiting: 0, peak: 3, limit: 682, hosts: [] },
      outgoing: {
        open: 2,
        halfOpen: 0,
        peakOpen: 4,
        peakHalfOpen: 1,
        limit: 256,
        parked: 0,
        queued: {} as BotStatus['peers']['outgoing']['queued'],
        attempts: 0,
        tokens: 0,
      },
      links: { P: 1, D: 1, F: 0 },
      addresses: 0,
      deadlines: 0,
      heldBytes: 0,
      abuse: {},
      ports: { plain: 2234, obfuscated: 2235 },
      acceptedSoFar: 12,
    },
    tree: {
      role: 'child',
      isRoot: false,
      level: 2,
      root: 'oak',
      parent: { user: 'branch', level: 1, since: NOW - HOUR },
      candidates: [],
      children: [],
      maxChildren: 10,
      accepting: true,
      requestsPerSecond: 40,
      requests: 1000,
      counts: {},
      changes: [],
    },
    search: {
      running: 0,
      strays: { late: 0, unknown: 0 },
      wishlistInterval: 720,
      answering: {} as BotStatus['search']['answering'],
    },
    active: 0,
  },
};

/** The same bot with another status. */
export function withStatus(status: Partial<BotStatus>): DoctorFacts {
  return { ...well, status: { ...well.status, ...status } };
}
