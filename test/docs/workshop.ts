import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createJiti } from 'jiti';
import * as api from 'seekeeper';
import * as testing from 'seekeeper/testing';
import { expect } from 'vitest';
import { type Block, root } from './markdown.ts';
import { fileOf } from './type-check.ts';

/** A test that a page shows. */
export interface ShownTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

/** A folder in which the blocks of the documentation are files. */
export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'seekeeper-docs-'));

  constructor(blocks: readonly Block[]) {
    symlinkSync(join(root, 'node_modules'), join(this.#folder, 'node_modules'));
    for (const block of blocks) {
      const file = this.fileOf(block);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, block.text);
    }
  }

  fileOf(block: Block): string {
    return fileOf(block, this.#folder);
  }

  /** Runs a block that is a test file. @returns the tests in it, not yet run. */
  async testsOf(block: Block): Promise<readonly ShownTest[]> {
    const tests: ShownTest[] = [];
    const it = (name: string, run: () => Promise<void>) => void tests.push({ name, run });
    const describe = {
      each:
        <T>(cases: readonly T[]) =>
        (_name: string, define: (one: T) => void) => {
          for (const one of cases) define(one);
        },
    };
    const jiti = createJiti(import.meta.url, {
      moduleCache: false,
      fsCache: false,
      interopDefault: false,
      virtualModules: { seekeeper: api, 'seekeeper/testing': testing, vitest: { it, describe, expect } },
    });
    await jiti.import(this.fileOf(block));
    return tests;
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }
}
