import { createInterface, type Interface } from 'node:readline';

/** Where lines are shown. */
export interface Screen {
  print(line: string): void;
}

export interface PromptOptions {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  readonly prompt: string;
  readonly onLine: (line: string) => void;
  /** Ctrl-C, Ctrl-D or the end of the input. */
  readonly onEnd: () => void;
}

/** A terminal in which lines scroll above while somebody types below. */
export class PromptScreen implements Screen {
  readonly #readline: Interface;
  readonly #output: NodeJS.WritableStream;
  #closed = false;

  constructor({ input, output, prompt, onLine, onEnd }: PromptOptions) {
    this.#output = output;
    this.#readline = createInterface({ input, output, prompt });
    this.#readline.on('line', (line) => {
      onLine(line);
      if (!this.#closed) this.#readline.prompt();
    });
    // Ctrl-C only closes the interface; whoever waits for the end decides what happens then.
    this.#readline.on('SIGINT', () => this.#readline.close());
    this.#readline.once('close', () => {
      this.#closed = true;
      onEnd();
    });
    this.#readline.prompt();
  }

  /** Prints above the line being typed, which stays as it is. */
  print(line: string): void {
    if (this.#closed) {
      this.#output.write(`${line}\n`);
      return;
    }
    this.#output.write('\r\u001b[K');
    this.#output.write(`${line}\n`);
    this.#readline.prompt(true);
  }

  close(): void {
    if (!this.#closed) this.#readline.close();
  }
}
