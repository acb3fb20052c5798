import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Where finished lines go. Nothing here throws after it was opened: what cannot be written is dropped. */
export interface Sink {
  write(line: string): void;
  /** Opens the place anew, if it is a file. */
  reopen(): void;
  close(): void;
  /** A person is reading. */
  readonly terminal: boolean;
}

/**
 * A file that is appended to, of mode 0600. Not pino's own destination: on a full disk that one never returns.
 * @throws the system's error when it cannot be opened.
 */
export function fileSink(path: string): Sink {
  mkdirSync(dirname(path), { recursive: true });
  const open = () => openSync(path, 'a', 0o600);
  let fd: number | undefined = open();
  return {
    terminal: false,
    write(line) {
      if (fd !== undefined) attempt(() => writeAll(fd!, Buffer.from(line)));
    },
    reopen() {
      if (fd === undefined) return;
      const old = fd;
      // If the new one cannot be opened, the old one is better than nothing.
      attempt(() => {
        fd = open();
        closeSync(old);
      });
    },
    close() {
      const old = fd;
      fd = undefined;
      if (old !== undefined) attempt(() => closeSync(old));
    },
  };
}

/** Standard output (1) or error (2). Node writes to both at once, whatever they are connected to, on POSIX systems. */
export function standardSink(fd: 1 | 2): Sink {
  const stream = fd === 1 ? process.stdout : process.stderr;
  // A reader that went away (`| head`) must not end the bot.
  stream.on('error', ignore);
  return {
    terminal: stream.isTTY,
    write: (line) => void stream.write(line),
    reopen() {},
    close: () => void stream.off('error', ignore),
  };
}

function ignore(): void {}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}

function attempt(run: () => void): void {
  try {
    run();
  } catch {
    // There is nowhere to say it: this is the log.
  }
}
