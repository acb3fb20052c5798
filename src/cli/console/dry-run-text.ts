import type { CommandPreview } from '../../bot/commands/preview.ts';
import type { DryLine, DryRun } from '../../bot/watch/dry-run.ts';

/** What would happen to a line, for people. */
export function dryRunText({ user, room }: DryLine, run: DryRun): readonly string[] {
  const place = room === undefined ? 'in private' : `in ${room}`;
  return [
    `If ${user} said this ${place} (nothing of it happens: no plugin runs, nothing is sent):`,
    ...run.interceptors.map(({ plugin, up, onError }) =>
      up
        ? `  first ${plugin} is asked and may change or drop it (if it fails: ${onError}); what follows is for the text as it is`
        : `  first ${plugin} would be asked, but it is down, so: ${onError}`,
    ),
    `  ${commandText(run)}`,
    ...run.handlers.map(({ plugin, where }) => `  ${plugin} gets it: ${where}`),
    ...(run.handlers.length === 0 ? ['  no handler of a plugin gets it'] : []),
  ];
}

function commandText({ command, dialog }: DryRun): string {
  switch (command.verdict) {
    case 'talk':
      return dialog ? 'it is an answer in a conversation that is going on' : 'it calls no command';
    case 'unknown':
      return `it calls a command that there is not: ${command.name}`;
    case 'run':
      return `it runs ${command.name} of ${command.plugin} with ${JSON.stringify(command.args)}`;
    case 'refuse':
      return refusedText(command);
  }
}

function refusedText({ name, plugin, reason, says }: Extract<CommandPreview, { verdict: 'refuse' }>): string {
  const told = says === undefined ? 'nothing is answered' : `the answer is: ${says}`;
  return `it calls ${name} of ${plugin}, which does not run: ${reason}; ${told}`;
}
