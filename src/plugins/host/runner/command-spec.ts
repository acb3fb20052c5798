import type { ArgSpec, Args } from '../../api/args.ts';
import type { CommandDefinition, CommandPlace, CommandSpec, Cooldown, NamedArg } from '../../api/command.ts';
import { toMs } from '../../api/duration.ts';
import { PluginError } from '../../api/errors.ts';
import { ROLES } from '../../api/people.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;
const ARG_NAME = /^[a-z][A-Za-z0-9]{0,31}$/;
const PLACES: readonly CommandPlace[] = ['room', 'private', 'any', 'cli'];

/**
 * The data of a command.
 * @throws PluginError `invalid` naming the command and what is wrong.
 */
export function commandSpec(definition: CommandDefinition): CommandSpec {
  const fail = (what: string): never => {
    throw new PluginError('invalid', `command ${JSON.stringify(definition.name)}: ${what}`);
  };
  const { name, aliases = [], in: place = 'any', summary, description, allow = [] } = definition;
  const names = [name, ...aliases];
  for (const each of names) {
    if (typeof each !== 'string' || !NAME.test(each)) {
      fail(
        `the name ${JSON.stringify(each)} is not allowed: lower-case letters, digits, "-" and "_", at most 32`,
      );
    }
  }
  if (new Set(names).size < names.length) fail('one of its names is there twice');
  if (!PLACES.includes(place)) fail(`in must be one of ${PLACES.join(', ')}`);
  if (typeof summary !== 'string' || summary.trim() === '') fail('it needs a summary, for !help');
  for (const role of allow)
    if (!ROLES.includes(role)) fail(`allow: there is no role ${JSON.stringify(role)}`);
  if (definition.allow?.length === 0) fail('allow is empty: nobody could run it; leave it out for everybody');
  if (typeof definition.run !== 'function') fail('run is not a function');
  return {
    name,
    aliases: [...aliases],
    in: place,
    cli: place === 'cli' || definition.cli === true,
    summary,
    ...(description === undefined ? {} : { description }),
    args: namedArgs(definition.args ?? {}, fail),
    allow: [...allow],
    cooldown: cooldownMs(definition.cooldown),
    examples: [...(definition.examples ?? [])],
    onReplay: definition.onReplay ?? 'ignore',
    hidden: definition.hidden ?? false,
  };
}

function cooldownMs(cooldown: CommandDefinition['cooldown']): CommandSpec['cooldown'] {
  if (cooldown === undefined) return {};
  const given: Cooldown = typeof cooldown === 'object' ? cooldown : { user: cooldown };
  const result: { user?: number; room?: number; global?: number } = {};
  for (const scope of ['user', 'room', 'global'] as const) {
    const ms = given[scope] === undefined ? 0 : toMs(given[scope]);
    if (ms > 0) result[scope] = ms;
  }
  return result;
}

function namedArgs(args: Args, fail: (what: string) => never): readonly NamedArg[] {
  const named: NamedArg[] = [];
  let optional = false;
  let last: string | undefined;
  for (const [name, spec] of Object.entries(args)) {
    if (!ARG_NAME.test(name))
      fail(`the argument name ${JSON.stringify(name)} is not allowed: letters and digits, like "userName"`);
    if (last !== undefined)
      fail(`argument "${name}" comes after "${last}", which takes the rest of the line`);
    const problem = argProblem(spec);
    if (problem !== undefined) fail(`argument "${name}" ${problem}`);
    if (spec.kind === 'optional') optional = true;
    else if (optional && spec.kind !== 'flag')
      fail(`argument "${name}" is required and comes after an optional one`);
    if (takesRest(spec)) last = name;
    named.push({ ...spec, name });
  }
  return named;
}

function takesRest(spec: ArgSpec): boolean {
  return spec.kind === 'text' || spec.kind === 'rest' || (spec.kind === 'optional' && takesRest(spec.of));
}

function argProblem(spec: ArgSpec): string | undefined {
  switch (spec.kind) {
    case 'optional':
      if (spec.of.kind === 'optional' || spec.of.kind === 'flag')
        return `cannot be an optional ${spec.of.kind}`;
      return argProblem(spec.of);
    case 'rest':
      if (['optional', 'flag', 'rest', 'text'].includes(spec.of.kind))
        return `cannot be a list of ${spec.of.kind}`;
      return argProblem(spec.of);
    case 'oneOf':
      return spec.values.length === 0 ? 'has no values to choose from' : undefined;
    case 'int':
    case 'number':
    case 'duration':
      return (spec.min ?? -Infinity) > (spec.max ?? Infinity) ? 'has a min above its max' : undefined;
    case 'text':
    case 'word':
    case 'user':
    case 'room':
    case 'boolean':
    case 'flag':
      return undefined;
    default:
      return 'is not made with arg';
  }
}
