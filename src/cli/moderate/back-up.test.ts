import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { backUp } from './back-up.ts';

it('never writes over an earlier copy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'seekeeper-back-up-'));
  try {
    const file = join(folder, 'config');
    const names = ['first', 'second', 'third'].map((text) => {
      writeFileSync(file, text);
      return backUp(file);
    });
    expect(names).toEqual(['', '-2', '-3'].map((end) => `${file}.before-seekeeper${end}`));
    expect(names.map((name) => readFileSync(name, 'utf8'))).toEqual(['first', 'second', 'third']);
    expect(() => backUp(join(folder, 'nothing'))).toThrow('ENOENT');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
