import { fold } from './fold.ts';
import { asLatin } from './look-alike-letters.ts';

/**
 * What is left of a name when everything is the same that looks the same: case, `l` `1` `I` `|`, `0` `O`, `rn` and `m`, `vv` and
 * `w`, letters of other alphabets, separators.
 */
export function skeleton(name: string): string {
  return asLatin(fold(name))
    .replace(/[1|!i]/g, 'l')
    .replace(/0/g, 'o')
    .replace(/5|\$/g, 's')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .replace(/[\s_.~^`'"*=\-[\](){}<>]+/g, '');
}

/** The same with letters that are doubled standing once. */
export const undoubled = (text: string): string => text.replace(/(.)\1+/gu, '$1');
