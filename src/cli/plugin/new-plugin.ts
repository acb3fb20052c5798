import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { addPluginEntry } from './config-entry.ts';
import { pluginText, testText } from './template.ts';

const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** Writes a plugin, its test and its entry in the config. False: nothing was written, and why has been said. */
export function newPlugin(name: string, folder: string, configPath: string): boolean {
  if (!NAME.test(name))
    return refuse(
      `${JSON.stringify(name)}: a name is lower-case letters, digits and "-", at most 32, and begins with a letter`,
    );
  const plugin = join(folder, `${name}.ts`);
  const test = join(folder, `${name}.test.ts`);
  const there = [plugin, test].find((path) => existsSync(path));
  if (there !== undefined) return refuse(`${there} is there already`);
  const said: string[] = [];
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(plugin, pluginText(name));
    writeFileSync(test, testText(name));
    said.push(`Wrote ${plugin} and ${test}.`, enter(configPath, plugin));
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  said.push(`Next: seekeeper plugin test ${test}`);
  process.stdout.write(`${said.join('\n')}\n`);
  return true;
}

/** Adds it to the config. @returns what there is to say about that. */
function enter(configPath: string, plugin: string): string {
  const path = relative(dirname(resolve(configPath)), resolve(plugin))
    .split(sep)
    .join('/');
  const key = path.startsWith('.') ? path : `./${path}`;
  const byHand = `Add it to your config under plugins:\n  ${key}: {}`;
  if (!existsSync(configPath)) return byHand;
  const changed = addPluginEntry(readFileSync(configPath, 'utf8'), key);
  if (changed === undefined) return byHand;
  writeFileSync(configPath, changed);
  return `Added it to ${configPath}.`;
}

function refuse(why: string): false {
  process.stderr.write(`seekeeper plugin new: ${why}\n`);
  return false;
}
