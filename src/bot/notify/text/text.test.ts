import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StoredNotice } from '../../store/notice-rows.ts';
import { parcelOf } from '../parcel.ts';
import { oneLine, webLink } from './clean.ts';
import { renderText } from './render.ts';
import {
  fillTemplate,
  isTemplate,
  PLACEHOLDERS,
  parseTemplate,
  type TemplateValues,
  WHOLE,
} from './template.ts';
import { element, xmlText } from './xml.ts';

/** Any text, halves of pairs and control characters among it. */
const anyText = fc.string({ unit: 'binary', maxLength: 300 });

const notice = (title: string, lines: readonly string[]): StoredNotice => ({
  seq: 1,
  id: 'a',
  target: 'x',
  instance: 'p',
  group: 'p',
  digest: 'none',
  urgent: false,
  madeAt: 0,
  expiresAt: 1,
  attempts: 0,
  part: 0,
  changedAt: 0,
  title,
  lines,
});

describe('a line', () => {
  it('is one, whatever it was', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = oneLine(text);
        expect(line).not.toMatch(/[\r\n\u2028\u2029\p{Cc}]/u);
        expect(line).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});

it.each([
  ['https://x.example/a b', 'https://x.example/a%20b'],
  ['HTTP://x.example/\r\nX: y', 'http://x.example/X:%20y'],
  ['https://x.example/<>"\'', 'https://x.example/%3C%3E%22%27'],
  ['javascript:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['https://me:secret@x.example/', undefined],
  ['no link', undefined],
])('the link %j leaves as %j', (link, safe) => {
  expect(webLink(link)).toBe(safe);
});

describe('a template', () => {
  const values: TemplateValues = { title: 'T', lines: '', count: '1', link: '', plugin: 'p', time: 'now' };
  const fill = (source: string, given: Partial<TemplateValues> = {}) => {
    const template = parseTemplate(source);
    if (!isTemplate(template)) throw new Error(template.problem);
    return fillTemplate(template, { ...values, ...given });
  };

  it('leaves out lines for which there is nothing', () => {
    expect(fill('{title}\n{lines}\n\n- {link}\n{link} {lines}')).toBe('T\n\n- ');
    expect(fill('{{title}} {{{title}}}')).toBe('{title} {T}');
    expect(fill('{title}', { title: '{plugin} $& {{' })).toBe('{plugin} $& {{');
  });

  it.each([
    ['{titel}', { problem: 'unknown placeholder {titel}', unknown: 'titel' }],
    ['{ title }', { problem: 'unknown placeholder { title }', unknown: ' title ' }],
    ['{', { problem: 'a single "{" in it; write "{{" for one' }],
    ['a } b', { problem: 'a single "}" in it; write "}}" for one' }],
  ])('%s is none', (source, problem) => {
    expect(parseTemplate(source)).toEqual(problem);
  });

  it('is read or refused, never anything else; braces that are doubled come through', () => {
    const piece = fc.oneof(
      anyText,
      fc.constantFrom('{', '}', '\n', ...PLACEHOLDERS.map((name) => `{${name}}`)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const read = parseTemplate(pieces.join(''));
        if (isTemplate(read)) fillTemplate(read, values);
        else expect(read.problem).not.toBe('');
      }),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(!/[\r\n]/u.test(text));
        expect(fill(`x${text.replaceAll('{', '{{').replaceAll('}', '}}')}`)).toBe(`x${text}`);
      }),
    );
  });
});

describe('a text', () => {
  it('fits, and is whole when it can be', () => {
    fc.assert(
      fc.property(
        anyText,
        fc.array(anyText, { maxLength: 30 }),
        fc.integer({ min: 1, max: 3_000 }),
        (title, lines, most) => {
          const options = { template: WHOLE, timezone: 'UTC' };
          const whole = renderText(parcelOf([notice(title, lines)]), options);
          const text = renderText(parcelOf([notice(title, lines)]), {
            ...options,
            fits: (one) => one.length <= most,
          });
          expect(text.length).toBeLessThanOrEqual(most);
          if (whole.length <= most) expect(text).toBe(whole);
          expect(text).not.toMatch(/\p{Cs}/u);
        },
      ),
    );
  });
});

describe('XML', () => {
  it('holds any text, and gives it back but for what XML cannot hold', () => {
    const back = (xml: string) =>
      xml
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&#39;', "'")
        .replaceAll('&amp;', '&');
    fc.assert(
      fc.property(anyText, (text) => {
        const xml = xmlText(text);
        expect(xml).not.toMatch(/[<>"']/u);
        expect(xml).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/u);
        // [XML 1.0, production 2]
        expect(xml).toMatch(/^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u);
        const expected = Array.from(text, (character) => {
          const code = character.codePointAt(0) ?? 0;
          const isHeld =
            [9, 10, 13].includes(code) ||
            (code >= 0x20 && code < 0xd800) ||
            (code > 0xdfff && code < 0xfffe) ||
            code > 0xffff;
          return isHeld ? character : '\uFFFD';
        });
        expect(back(xml)).toBe(expected.join(''));
      }),
    );
    expect(element('a', undefined, { href: '"<' })).toBe('<a href="&quot;&lt;"/>');
  });
});
