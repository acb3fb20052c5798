import type { Clock } from '../../platform/clock.ts';
import type { Power } from '../../plugins/api/cases.ts';
import { nearestKey } from '../../plugins/api/schema/nearest-key.ts';
import type { BuiltinPlugins } from '../../plugins/host/types.ts';
import type { BotConfig, RoomConfig } from '../config/config.ts';
import type { ConfigSource } from '../config/config-source.ts';
import type { ConfigPath, Diagnostic } from '../config/diagnostic.ts';
import { type CollectedRules, collectRules } from '../moderation/back-test/collect-rules.ts';
import { consequenceOf } from '../moderation/consequences/consequence.ts';
import type { Ladder } from '../moderation/ladder/ladder.ts';
import { permitted } from '../moderation/power/permitted.ts';
import { Settings } from '../moderation/rules/settings.ts';

export interface CheckModerationOptions {
  readonly config: BotConfig;
  readonly source: Pick<ConfigSource, 'diagnose'>;
  readonly baseDir: string;
  readonly clock: Clock;
  readonly builtins?: BuiltinPlugins;
}

/** What rules could do in each room, as far as can be known without being there. */
export interface CheckedModeration {
  /** In words, one a line; empty when no plugin adds rules. */
  readonly lines: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Sets up the plugins that may moderate with services that do nothing, and says what each of their rules could do in each room.
 * Names of rules and consequences that no plugin adds are warned of.
 */
export async function checkModeration(options: CheckModerationOptions): Promise<CheckedModeration> {
  const { config, source, baseDir, clock, builtins } = options;
  const collected = await collectRules({
    self: config.bot.user,
    plugins: config.plugins,
    baseDir,
    clock,
    ...(builtins !== undefined && { builtins }),
  });
  try {
    const { rules } = collected;
    const lines =
      rules.length === 0 ? [] : config.rooms.flatMap((room) => roomLines(room, config, collected));
    return {
      lines,
      diagnostics: [...unknownNames(config, source, collected), ...openStaffRoom(config, source)],
    };
  } finally {
    await collected.close();
  }
}

/** Cases bring lines of the room with them, also of a private one. */
function openStaffRoom(
  { moderation, rooms }: BotConfig,
  source: Pick<ConfigSource, 'diagnose'>,
): readonly Diagnostic[] {
  const room = rooms.find(({ name }) => name === moderation.staff.room);
  if (room === undefined || room.private) return [];
  const message = `${room.name} is not private as far as "rooms" says: everybody there reads what people said in other rooms; if it is, write { name: ${JSON.stringify(room.name)}, private: true }`;
  return [source.diagnose(['moderation', 'staff', 'room'], message, { severity: 'warning' })];
}

const PLACES: readonly { readonly power: Power; readonly as: string }[] = [
  { power: 'private-owner', as: 'as its owner or an operator' },
  { power: 'private-member', as: 'as a plain member' },
];

function roomLines(room: RoomConfig, { moderation }: BotConfig, collected: CollectedRules): string[] {
  const settings = new Settings(moderation);
  const { name } = room;
  const about = room.private
    ? `${name} is a private room: what the bot may do there shows when it is inside`
    : `${name} is a public room as far as the config says: nobody can remove anyone there`;
  const ladders = room.private
    ? PLACES.map(({ power, as }) => `${as}: ${ladderText(name, power, settings.ladder(name), collected)}`)
    : [ladderText(name, 'public', settings.ladder(name), collected)];
  const here = collected.rules
    .filter(({ spec }) => spec.rooms?.includes(name) !== false)
    .map((rule) => ({ rule, ...settings.rule(rule.name, name) }));
  const rules = here.map(({ rule, mode, atMost }) => {
    const most = atMost === undefined ? '' : `, at most ${atMost}`;
    return `  ${rule.name} (${mode}${most}): ${rule.spec.summary}`;
  });
  return [about, ...ladders.map((text) => `  ${text}`), ...rules];
}

function ladderText(room: string, power: Power, ladder: Ladder, { actions }: CollectedRules): string {
  const steps = ladder.map(({ points, consequence }) => {
    const { consequence: possible } = permitted(consequence, power, { room }, actions);
    return possible === consequence
      ? `${points} ${consequence}`
      : `${points} ${possible} (for ${consequence})`;
  });
  return `points ${steps.join(', ')}`;
}

function unknownNames(
  { moderation }: BotConfig,
  source: Pick<ConfigSource, 'diagnose'>,
  { rules, actions, problems }: CollectedRules,
): Diagnostic[] {
  const names = rules.map(({ name }) => name);
  const failed = new Set(problems.map(({ plugin }) => plugin));
  const warn = (path: ConfigPath, message: string, atKey: boolean, nearest?: string) =>
    source.diagnose(path, message, { severity: 'warning', atKey, nearest });
  const ofRules = (path: ConfigPath, of: Readonly<Record<string, unknown>>) =>
    Object.keys(of)
      .filter((name) => !names.includes(name) && !failed.has(name.split('/')[0] ?? ''))
      .map((name) => warn([...path, name], 'no plugin adds this rule', true, nearestKey(name, names)));
  const ofLadder = (path: ConfigPath, ladder: Ladder) =>
    ladder.flatMap(({ points, consequence }) => {
      const of = consequenceOf(consequence);
      if (of.kind !== 'action' || actions.get(of.name) !== undefined) return [];
      if (failed.has(of.name.split('/')[0] ?? '')) return [];
      return [
        warn([...path, String(points)], 'no plugin adds this consequence; staff are told instead', false),
      ];
    });
  const found = [
    ...ofRules(['moderation', 'rules'], moderation.rules),
    ...ofLadder(['moderation', 'ladder'], moderation.ladder),
  ];
  for (const [name, room] of Object.entries(moderation.rooms)) {
    const path = ['moderation', 'rooms', name];
    found.push(...ofRules([...path, 'rules'], room.rules));
    if (room.ladder !== undefined) found.push(...ofLadder([...path, 'ladder'], room.ladder));
  }
  const unset = problems.map(({ plugin, reason }) =>
    warn(['plugins', plugin], `its rules could not be looked at: ${reason}`, true),
  );
  return [...found, ...unset];
}
