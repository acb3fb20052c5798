import { formatDiagnostic } from '../../bot/config/diagnostic.ts';
import { loadConfig } from '../../bot/config/load-config.ts';
import { controlRequest } from '../../bot/control/control-client.ts';
import { ControlError } from '../../bot/control/control-error.ts';
import { controlPath } from '../../bot/control/control-path.ts';
import { examine } from '../../bot/doctor/examine.ts';
import type { DoctorFacts } from '../../bot/doctor/facts.ts';
import { type Finding, ok, problem, warning } from '../../bot/doctor/finding.ts';
import { RealClock } from '../../platform/real/real-clock.ts';
import { paintFor } from '../terminal/paint.ts';
import { findingLines } from './finding-lines.ts';
import { machineFacts } from './machine-facts.ts';
import { nodeRule, silentRule, spaceRule, storeRule } from './machine-rules.ts';

/** Looks at everything and prints what it found. False: there are problems. */
export async function runDoctor(configPath: string, json: boolean): Promise<boolean> {
  const findings = await diagnose(configPath);
  const lines = json
    ? [JSON.stringify(findings, undefined, 2)]
    : findingLines(findings, paintFor(process.stdout, process.env));
  process.stdout.write(`${lines.join('\n')}\n`);
  return findings.every(({ level }) => level !== 'problem');
}

/** Of this machine, then of the bot that runs with this config. */
export async function diagnose(configPath: string): Promise<readonly Finding[]> {
  const loaded = loadConfig({ path: configPath, env: process.env, withoutSecrets: true });
  const told = (loaded.ok ? loaded.warnings : loaded.diagnostics).map((diagnostic) => {
    const make = diagnostic.severity === 'warning' ? warning : problem;
    return make('config', formatDiagnostic(diagnostic), 'correct it there; `seekeeper check` tells more');
  });
  if (!loaded.ok) return told;
  const { path } = loaded.config.store;
  const asked = await ask(path);
  const machine = machineFacts(path, { lock: asked === undefined });
  return [
    nodeRule(machine),
    ...(told.length > 0 ? told : [ok('config', `${configPath} can be read`)]),
    storeRule(machine),
    spaceRule(machine),
    ...(asked === undefined ? [silentRule(machine)] : 'facts' in asked ? examine(asked.facts) : [asked]),
  ];
}

/** Undefined: no bot runs. A finding: it cannot be asked. */
async function ask(store: string): Promise<{ readonly facts: DoctorFacts } | Finding | undefined> {
  try {
    const facts = await controlRequest(controlPath(store), { command: 'doctor' }, { clock: new RealClock() });
    return { facts: facts as DoctorFacts };
  } catch (error) {
    if (!(error instanceof ControlError)) throw error;
    if (error.code === 'not-running') return undefined;
    const todo =
      error.code === 'unknown-command'
        ? 'it is an older version: restart it'
        : 'look into its log; if it hangs, end it and start it again';
    return problem('bot', error.message, todo);
  }
}
