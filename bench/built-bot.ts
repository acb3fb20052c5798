import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

/** Builds once; benchmarks of the bot measure what users run. */
export function build(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
}

export interface BuiltBotOptions {
  /** Of the server on loopback. */
  readonly port: number;
  readonly rooms: readonly string[];
  /** YAML under `plugins:`, or nothing. */
  readonly plugins?: string;
}

/** The built command, running a bot in a folder of its own. */
export class BuiltBot {
  readonly folder = mkdtempSync(join(tmpdir(), 'seekeeper-bench-'));
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  constructor({ port, rooms, plugins = '{}' }: BuiltBotOptions) {
    const config = [
      'bot: { user: keeper, password: { env: BENCH_PASSWORD } }',
      `server: { host: 127.0.0.1, port: ${port} }`,
      'listen: { host: 127.0.0.1, port: 0 }',
      `rooms: ${JSON.stringify(rooms)}`,
      'log: { level: warn }',
      `plugins: ${plugins}`,
    ];
    writeFileSync(join(this.folder, 'config.yaml'), `${config.join('\n')}\n`);
    this.#child = spawn(process.execPath, [join(root, 'dist/cli/main.js'), 'start'], {
      cwd: this.folder,
      env: { ...process.env, BENCH_PASSWORD: 'nothing-secret' },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    this.#ended = new Promise((resolve) => this.#child.on('close', () => resolve()));
  }

  /** Resident memory in MiB. */
  residentMiB(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
  }

  /** CPU seconds used so far, user and system. */
  cpuSeconds(): number {
    const fields = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
