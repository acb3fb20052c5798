import { fold } from './fold.ts';
import { asLatin } from './look-alike-letters.ts';
import { fromPunycode } from './punycode.ts';

/** Without a scheme or www. a domain is one only with such an ending; `song.flac` and `e.g` are none. */
const ENDINGS = new Set(
  (
    'com net org info biz io me tv cc co gg ly to fm app dev xyz top site online shop club link live click store space ' +
    'website fun icu vip win bid loan pro lol pw ws su eu uk de fr es it nl be ch at pl cz se no fi dk ie pt gr hu ro bg ' +
    'ru ua by kz us ca mx br ar cl au nz jp cn kr in id vn th tr za il ir sh st la gl so im ai tk ml ga cf gq onion'
  ).split(' '),
);

const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?';
const HOST = new RegExp(
  `(?:(h(?:tt|xx)ps?://|www\\.)(?:[^\\s/@]{1,64}@)?)?((?:${LABEL}\\.){1,8}\\p{L}{2,24}|(?:${LABEL}\\.){1,8}xn--[a-z0-9-]{2,59})(?![\\p{L}\\p{N}])(?!@)`,
  'giu',
);

/** `example [dot] com`, `example(.)com`, `example . com`. */
const WRITTEN_DOT = /\s*(?:[[({<]\s*(?:\.|dot)\s*[\])}>])\s*|(?<=\p{L})\s+dot\s+(?=\p{L}{2,6}(?![\p{L}]))/giu;

/**
 * The hosts that a line links to or names, lower case, without `www.`; those of another alphabet as it is read, `xn--` decoded.
 */
export function domainsIn(text: string): readonly string[] {
  // Not folded as a whole: look-alike letters are what the rule is after.
  const visible = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(WRITTEN_DOT, '.');
  const found = new Set<string>();
  for (const [, scheme, host = ''] of visible.matchAll(HOST)) {
    const name = host.toLowerCase().split('.').map(fromPunycode).join('.');
    if (scheme === undefined && !ENDINGS.has(asLatin(name.slice(name.lastIndexOf('.') + 1)))) continue;
    found.add(name.replace(/^www\./, ''));
  }
  return [...found];
}

/** Whether a host is a domain of the list, or under one. */
export function isUnder(host: string, domains: readonly string[]): boolean {
  return domains.some((domain) => host === domain || host.endsWith(`.${domain}`));
}

/** The domain of the list that a host only seems to be. */
export function imitated(host: string, domains: readonly string[]): string | undefined {
  if (isUnder(host, domains)) return undefined;
  const parts = host.split('.');
  return domains.find((domain) => {
    const length = domain.split('.').length;
    const tail = parts.slice(-length).join('.');
    if (looks(tail) === looks(domain)) return true;
    // example.com.evil.net, example-com.net
    return host.startsWith(`${domain}.`) || looks(parts.at(-2) ?? '') === looks(domain.replaceAll('.', '-'));
  });
}

function looks(host: string): string {
  return asLatin(fold(host))
    .replace(/[1|i]/g, 'l')
    .replace(/0/g, 'o')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}

/** What is wrong with a domain of a list, as a sentence without an end; undefined: nothing. */
export function domainProblem(domain: string): string | undefined {
  const shown = JSON.stringify(domain);
  if (/[:/@\s*]/.test(domain))
    return `${shown} is no domain: give it alone, such as "example.org", which covers all under it`;
  if (!/^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u.test(domain))
    return `${shown} is no domain, such as "example.org"`;
  return undefined;
}

/** As domains are compared. */
export const tidyDomain = (domain: string): string => domain.toLowerCase().replace(/^www\./, '');
