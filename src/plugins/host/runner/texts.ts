import { PluginError } from '../../api/errors.ts';
import type { Texts, Translate, Translations } from '../../api/texts.ts';
import type { Languages } from '../wire.ts';

/** Makes `bot.t`. @throws PluginError `invalid` when the plugin's texts are none. */
export function makeTranslate(translations: Translations | undefined, languages: Languages): Translate {
  const known = readTranslations(translations);
  const usual = known.values().next().value;
  return (key, params, where) => {
    const room = where?.room;
    const language = (room === undefined ? undefined : ownOf(languages.rooms, room)) ?? languages.usual;
    for (const texts of [...chain(language).map((tag) => known.get(tag)), usual]) {
      const text = texts?.get(key);
      if (text !== undefined) return params === undefined ? text : fill(text, params);
    }
    return key;
  };
}

/** `pt-br`, then `pt`. */
function chain(language: string): string[] {
  const parts = language.toLowerCase().split('-');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'));
}

/** Values are not looked through again: what a person is called is no template. */
function fill(text: string, params: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{([A-Za-z0-9_]+)\}/g, (whole, name: string) => {
    const value = ownOf(params, name);
    return value === undefined ? whole : String(value);
  });
}

function ownOf<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

/** As maps, so that a key such as `constructor` finds nothing that nobody wrote. */
function readTranslations(given: Translations | undefined): Map<string, ReadonlyMap<string, string>> {
  if (given === undefined) return new Map();
  return new Map(
    Object.entries(given).map(([language, texts]) => [language.toLowerCase(), readTexts(language, texts)]),
  );
}

function readTexts(language: string, texts: Texts): ReadonlyMap<string, string> {
  // Plugins may be written in JavaScript.
  const given: unknown = texts;
  if (typeof given !== 'object' || given === null)
    throw new PluginError('invalid', `texts.${language} of definePlugin must be texts by key`);
  const entries = Object.entries(given);
  const wrong = entries.find(([, text]) => typeof text !== 'string');
  if (wrong !== undefined)
    throw new PluginError('invalid', `texts.${language}.${wrong[0]} of definePlugin is not a text`);
  return new Map(entries as [string, string][]);
}
