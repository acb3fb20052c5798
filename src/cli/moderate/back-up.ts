import { constants, copyFileSync } from 'node:fs';

/** Copies a file beside itself under a name that no earlier copy has. @returns that name. @throws Error of the file system */
export function backUp(file: string): string {
  for (let n = 1; ; n++) {
    const name = `${file}.before-seekeeper${n === 1 ? '' : `-${n}`}`;
    try {
      copyFileSync(file, name, constants.COPYFILE_EXCL);
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
