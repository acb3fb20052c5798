import { isCollection, isMap, isScalar, parseDocument } from 'yaml';

/**
 * Adds a plugin to the text of a config and changes nothing else in it, so that comments stay where they are.
 * @returns undefined when that cannot be done without rewriting what is there, or it is there already.
 */
export function addPluginEntry(text: string, key: string): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const plugins: unknown = document.get('plugins', true);
  if (plugins === undefined) return `${text.replace(/\n*$/u, '\n')}\nplugins:\n  ${key}: {}\n`;
  if (isMap(plugins) && plugins.has(key)) return undefined;
  const empty = isCollection(plugins)
    ? plugins.items.length === 0
    : isScalar(plugins) && plugins.value === null;
  const range = isCollection(plugins) || isScalar(plugins) ? plugins.range : undefined;
  if (range === undefined || range === null) return undefined;
  const [start, end] = range;
  if (empty) return `${text.slice(0, start).trimEnd()}\n  ${key}: {}${text.slice(end) || '\n'}`;
  if (!isMap(plugins) || plugins.flow === true) return undefined;
  const first: unknown = plugins.items[0]?.key;
  const at = isScalar(first) ? first.range?.[0] : undefined;
  if (at === undefined) return undefined;
  const indent = ' '.repeat(at - (text.lastIndexOf('\n', at - 1) + 1));
  const head = text.slice(0, end).trimEnd();
  return `${head}\n${indent}${key}: {}\n${text.slice(end).replace(/^\n/u, head === text.slice(0, end) ? '' : '\n')}`;
}
