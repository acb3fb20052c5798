import { foldName } from './fold-name.ts';

/** Shorter forms than this say nothing: half of all names would look like them. */
const LEAST = 3;

/**
 * Under which forms a name is compared: as it stands, and without what people put around one that is taken (digits at its ends,
 * `xX…Xx`, `the`, `real`, `new`).
 */
export function formsOf(name: string): ReadonlySet<string> {
  const bare = name.replaceAll(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const unpadded = bare.replace(/^x{1,3}(.+?)x{1,3}$/i, '$1');
  const unnamed = bare.replaceAll(/^(?:the|real|not|new)[\W_]*|[\W_]*(?:real|new|back|again|alt)$/giu, '');
  const forms = [name, bare, unpadded, unnamed].map(foldName);
  return new Set(forms.filter((form) => form.length >= LEAST));
}

/** Whether one may be taken for the other; a name is not its own look-alike. */
export function isLookAlike(name: string, other: string): boolean {
  if (name === other) return false;
  const forms = formsOf(other);
  for (const form of formsOf(name)) if (forms.has(form)) return true;
  return false;
}
