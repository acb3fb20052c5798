import { nearestKey } from '../../plugins/api/schema/nearest-key.ts';
import { consequenceOf } from '../moderation/consequences/consequence.ts';
import { endlessness, type Ladder } from '../moderation/ladder/ladder.ts';
import { listRule } from '../moderation/lists/shared-lists.ts';
import type { ConfigSource } from './config-source.ts';
import type { ConfigPath, Diagnostic } from './diagnostic.ts';
import type { ModerationConfig, RoomModeration, RuleModeration } from './moderation-config.ts';
import type { RawModeration } from './moderation-schema.ts';

/** What `moderation:` refers to. */
export interface ModerationSurroundings {
  readonly source: Pick<ConfigSource, 'diagnose'>;
  /** Names of the rooms of the config. */
  readonly rooms: readonly string[];
  /** Ids of its plugins. */
  readonly plugins: readonly string[];
}

/** Points of a step; a thousand are more than anybody gets. */
const POINTS = /^(?:0\.[1-9]|[1-9]\d{0,2}(?:\.\d)?|1000)$/;

/** Brings `moderation:` into its form, and says what is wrong with it beyond the form. */
export function readModeration(
  raw: RawModeration,
  around: ModerationSurroundings,
): { readonly moderation: ModerationConfig; readonly problems: readonly Diagnostic[] } {
  const problems: Diagnostic[] = [];
  const reader = new Reader(around, problems, Object.keys(raw.lists));
  const rooms: Record<string, RoomModeration> = {};
  for (const [name, room] of Object.entries(raw.rooms)) {
    const path = ['moderation', 'rooms', name];
    reader.known(path, name, around.rooms, `the room "${name}" is not among "rooms"`);
    rooms[name] = {
      ...(room.mode !== undefined && { mode: room.mode }),
      ...(room.ladder !== undefined && { ladder: reader.ladder([...path, 'ladder'], room.ladder) }),
      ...(room.decay !== undefined && { decay: room.decay }),
      rules: reader.rules([...path, 'rules'], room.rules),
    };
  }
  const { staff } = raw;
  if (staff.room !== undefined) {
    const message = `the room "${staff.room}" is not among "rooms", so nothing can be said there`;
    reader.known(['moderation', 'staff', 'room'], staff.room, around.rooms, message, 'error');
  }
  const moderation: ModerationConfig = {
    mode: raw.mode,
    newRules: raw['new-rules'],
    ladder: reader.ladder(['moderation', 'ladder'], raw.ladder),
    ...(raw.decay !== null && { decay: raw.decay }),
    mergeMs: raw.merge,
    caps: raw.caps,
    suggestMs: raw.suggest,
    ...(raw.propose !== null && { proposeMs: raw.propose }),
    overturned: raw.overturned,
    keepMs: raw.keep,
    exempt: raw.exempt,
    staff: {
      users: staff.users,
      ...(staff.room !== undefined && { room: staff.room }),
      digest: staff.digest,
    },
    members: {
      invitationTtlMs: raw.members['invitation-ttl'],
      enforce: raw.members.enforce,
      snapshots: raw.members.snapshots,
      dailySnapshot: raw.members['daily-snapshot'],
    },
    lists: Object.entries(raw.lists).map(([id, { from, key, rooms: where, refresh, 'at-most': most }]) => {
      const path = ['moderation', 'lists', id];
      reader.consequence([...path, 'at-most'], most);
      for (const name of where ?? [])
        reader.known([...path, 'rooms'], name, around.rooms, `the room "${name}" is not among "rooms"`);
      return {
        id,
        from,
        key,
        atMost: most,
        refreshMs: refresh,
        ...(where !== undefined && { rooms: where }),
      };
    }),
    rooms,
    rules: reader.rules(['moderation', 'rules'], raw.rules),
  };
  return { moderation, problems };
}

class Reader {
  readonly #around: ModerationSurroundings;
  readonly #problems: Diagnostic[];
  readonly #lists: readonly string[];

  constructor(around: ModerationSurroundings, problems: Diagnostic[], lists: readonly string[]) {
    this.#around = around;
    this.#problems = problems;
    this.#lists = lists;
  }

  /** Something that is named must be there. */
  known(
    path: ConfigPath,
    name: string,
    names: readonly string[],
    message: string,
    severity: 'error' | 'warning' = 'warning',
  ): void {
    if (names.includes(name)) return;
    const nearest = nearestKey(name, names);
    const atKey = severity === 'warning';
    const found = this.#around.source.diagnose(path, message, { severity, atKey, nearest });
    this.#problems.push(found);
  }

  ladder(path: ConfigPath, raw: Readonly<Record<string, string>>): Ladder {
    const steps = Object.entries(raw).flatMap(([points, consequence]) => {
      const at = [...path, points];
      this.consequence(at, consequence);
      if (POINTS.test(points)) return [{ points: Number(points), consequence }];
      this.#wrong(at, 'expected points from 0.1 to 1000, such as 3 or 2.5', { atKey: true });
      return [];
    });
    const sorted = steps.sort((a, b) => a.points - b.points);
    const isWhole = sorted.length === Object.keys(raw).length;
    const problem = isWhole ? endlessness(sorted) : undefined;
    if (problem !== undefined) this.#wrong(path, problem, { atKey: true });
    return sorted;
  }

  rules(path: ConfigPath, raw: RawModeration['rules']): Readonly<Record<string, RuleModeration>> {
    return Object.fromEntries(
      Object.entries(raw).map(([name, rule]) => {
        this.#rule([...path, name], name);
        if (rule['at-most'] !== undefined) this.consequence([...path, name, 'at-most'], rule['at-most']);
        return [
          name,
          {
            ...(rule.mode !== undefined && { mode: rule.mode }),
            ...(rule.weight !== undefined && { weight: rule.weight }),
            ...(rule['at-most'] !== undefined && { atMost: rule['at-most'] }),
            ...(rule['trusted-since'] !== undefined && { trustedSince: rule['trusted-since'] }),
          },
        ];
      }),
    );
  }

  #rule(path: ConfigPath, name: string): void {
    const { plugins } = this.#around;
    const [plugin = '', rule = '', ...more] = name.split('/');
    if (rule === '' || more.length > 0) {
      this.#wrong(path, 'expected PLUGIN/RULE: the id of a plugin and of its rule', { atKey: true });
      return;
    }
    if (plugin === 'core') {
      if (!this.#lists.some((id) => rule === listRule(id)))
        this.#wrong(path, `there is no list "${rule.replace(/^list-/, '')}" under "moderation.lists"`, {
          atKey: true,
        });
      return;
    }
    const nearest = nearestKey(plugin, plugins);
    if (!plugins.includes(plugin))
      this.#wrong(path, `there is no plugin "${plugin}" under "plugins"`, {
        atKey: true,
        nearest: nearest === undefined ? undefined : `${nearest}/${rule}`,
      });
  }

  /** The plugin behind an action; which actions it has shows when it runs. */
  consequence(path: ConfigPath, text: string): void {
    const of = consequenceOf(text);
    if (of.kind !== 'action') return;
    const [plugin = '', action] = of.name.split('/');
    const { plugins } = this.#around;
    if (plugins.includes(plugin)) return;
    const nearest = nearestKey(plugin, plugins);
    this.#wrong(path, `there is no plugin "${plugin}" under "plugins"`, {
      nearest: nearest === undefined ? undefined : `${nearest}/${action ?? ''}`,
    });
  }

  #wrong(
    path: ConfigPath,
    message: string,
    options: { readonly atKey?: boolean; readonly nearest?: string | undefined } = {},
  ): void {
    this.#problems.push(this.#around.source.diagnose(path, message, options));
  }
}
