import type { CommandSpec, NamedArg } from '../../plugins/api/command.ts';

/** How the command is typed: `!seen <user> [detail]`. */
export function usageOf(spec: CommandSpec, prefix: string): string {
  return [`${prefix}${spec.name}`, ...spec.args.map(usageOfArg)].join(' ');
}

function usageOfArg(arg: NamedArg): string {
  switch (arg.kind) {
    case 'flag':
      return `[--${arg.name}]`;
    case 'optional':
      return `[${arg.name}${ellipsis(arg.of.kind)}]`;
    default:
      return `<${arg.name}${ellipsis(arg.kind)}>`;
  }
}

/** The rest of the line, or several of them. */
function ellipsis(kind: NamedArg['kind']): string {
  return kind === 'text' || kind === 'rest' ? '…' : '';
}
