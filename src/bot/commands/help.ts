import type { CommandSpec } from '../../plugins/api/command.ts';
import { formatDuration } from '../../plugins/api/duration.ts';
import { usageOf } from './usage.ts';

/** Longest line of help, in characters: what a chat window shows as one or two rows. */
const LINE_CHARS = 300;

/** More lines than this go to the person who asked, not to the room. */
export const ROOM_HELP_LINES = 2;

/** One line, or several, naming all these commands. */
export function helpList(specs: readonly CommandSpec[], prefix: string): string[] {
  const names = specs.map((spec) => `${prefix}${spec.name}`);
  const lines: string[] = [];
  for (const name of names) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + name.length + 2 <= LINE_CHARS)
      lines[lines.length - 1] = `${last}, ${name}`;
    else lines.push(lines.length === 0 ? `Commands: ${name}` : name);
  }
  const hint = `${prefix}help <command> tells more.`;
  const last = lines.at(-1)!;
  if (last.length + hint.length + 3 <= LINE_CHARS) lines[lines.length - 1] = `${last} — ${hint}`;
  else lines.push(hint);
  return lines;
}

/** Everything about one command. */
export function helpFor(spec: CommandSpec, prefix: string): string[] {
  const lines = [`${usageOf(spec, prefix)} — ${spec.summary}`];
  if (spec.description !== undefined) lines.push(spec.description);
  const facts = [...argFacts(spec), ...aliasFacts(spec, prefix), ...cooldownFacts(spec), ...placeFacts(spec)];
  if (facts.length > 0) lines.push(facts.join('; '));
  if (spec.examples.length > 0) {
    lines.push(`For example: ${spec.examples.map((example) => `${prefix}${example}`).join(' · ')}`);
  }
  return lines;
}

function argFacts(spec: CommandSpec): string[] {
  return spec.args.flatMap((arg) => {
    const inner = arg.kind === 'optional' || arg.kind === 'rest' ? arg.of : arg;
    return inner.kind === 'oneOf' ? [`${arg.name}: ${inner.values.join(' | ')}`] : [];
  });
}

function aliasFacts(spec: CommandSpec, prefix: string): string[] {
  return spec.aliases.length === 0
    ? []
    : [`also ${spec.aliases.map((alias) => `${prefix}${alias}`).join(', ')}`];
}

function cooldownFacts(spec: CommandSpec): string[] {
  const { user, room, global } = spec.cooldown;
  const parts = [
    ...(user === undefined ? [] : [`${formatDuration(user)} per user`]),
    ...(room === undefined ? [] : [`${formatDuration(room)} per room`]),
    ...(global === undefined ? [] : [`${formatDuration(global)} for all`]),
  ];
  return parts.length === 0 ? [] : [`once in ${parts.join(', ')}`];
}

function placeFacts(spec: CommandSpec): string[] {
  if (spec.in === 'room') return ['in rooms only'];
  return spec.in === 'private' ? ['in private only'] : [];
}
