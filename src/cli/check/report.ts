import { type Diagnostic, formatDiagnostic } from '../../bot/config/diagnostic.ts';

/** Prints diagnostics, one a line. True when none of them is an error. */
export function report(diagnostics: readonly Diagnostic[]): boolean {
  for (const diagnostic of diagnostics) process.stderr.write(`${formatDiagnostic(diagnostic)}\n`);
  return diagnostics.every(({ severity }) => severity === 'warning');
}
