import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The `seekeeper` command as a process, from the sources. */
export class CliProcess {
  stdout = '';
  stderr = '';
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();

  constructor(
    args: readonly string[],
    options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
  ) {
    const env = { ...process.env, NO_COLOR: '1', ...options.env };
    // The loader by its place: the working folder has no packages.
    const argv = ['--import', import.meta.resolve('tsx'), join(root, 'src/cli/main.ts'), ...args];
    this.#child = spawn(process.execPath, argv, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => this.#more('stdout', text));
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => this.#more('stderr', text));
    this.ended = new Promise((resolve) => {
      this.#child.on('close', (code) => {
        resolve({ code, stdout: this.stdout, stderr: this.stderr });
        for (const check of this.#waiting) check();
      });
    });
  }

  get pid(): number {
    return this.#child.pid!;
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Resolves when the output has it; rejects when the process ends without. */
  until(pattern: RegExp): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = () => {
        if (pattern.test(this.stdout + this.stderr)) resolve();
        else if (this.#child.exitCode !== null)
          reject(new Error(`ended without ${String(pattern)}:\n${this.stdout}\n${this.stderr}`));
        else return;
        this.#waiting.delete(check);
      };
      this.#waiting.add(check);
      check();
    });
  }

  #more(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    for (const check of this.#waiting) check();
  }
}

/** A folder of its own for a bot, and the commands run in it. */
export class CliFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'seekeeper-cli-'));
  readonly #processes: CliProcess[] = [];

  write(name: string, text: string): void {
    writeFileSync(join(this.path, name), text);
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): CliProcess {
    const started = new CliProcess(args, { cwd: this.path, env });
    this.#processes.push(started);
    return started;
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  async dispose(): Promise<void> {
    for (const one of this.#processes) one.kill('SIGKILL');
    await Promise.all(this.#processes.map(({ ended }) => ended));
    rmSync(this.path, { recursive: true, force: true });
  }
}
