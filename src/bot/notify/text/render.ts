import { Zone } from '../../scheduler/zone.ts';
import type { Parcel } from '../parcel.ts';
import { fillTemplate, type Template } from './template.ts';

export interface RenderOptions {
  readonly template: Template;
  /** An IANA name, for `{time}`. */
  readonly timezone: string;
  /** Makes text harmless where it goes. @default as it is */
  readonly escape?: (text: string) => string;
  /** Whether it is short enough. @default any length is */
  readonly fits?: (text: string) => boolean;
}

/** A parcel as text. What does not fit is left out at the end of its lines, and how many lines that are is said. */
export function renderText(parcel: Parcel, options: RenderOptions): string {
  const { template, timezone, escape: safe = (text: string) => text, fits = () => true } = options;
  const { title, lines, link = '', plugin, notices, at } = parcel;
  const text = (shown: number) => {
    const left = lines.length - shown;
    const more = left === 0 ? [] : [`… and ${left} more ${left === 1 ? 'line' : 'lines'}`];
    return fillTemplate(template, {
      title: safe(title),
      lines: [...lines.slice(0, shown), ...more].map(safe).join('\n'),
      count: String(notices.length),
      link,
      plugin: safe(plugin),
      time: localTime(at, timezone),
    });
  };
  const whole = text(lines.length);
  if (fits(whole)) return whole;
  // The most lines that fit; should fewer be longer by a character, `cut` sees to it.
  let [least, most] = [0, lines.length - 1];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(text(middle))) least = middle;
    else most = middle - 1;
  }
  return cut(text(Math.max(0, least)), fits);
}

/** As many characters as fit, and a mark that there were more. */
function cut(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  const characters = Array.from(text);
  let [least, most] = [0, characters.length];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (fits(`${characters.slice(0, middle).join('')}…`)) least = middle;
    else most = middle - 1;
  }
  return `${characters.slice(0, least).join('')}…`;
}

/** `2026-01-31 12:00`, as the clocks there show it. */
export function localTime(at: number, timezone: string): string {
  const local = new Date(at + Zone.of(timezone).offsetAt(at)).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 16)}`;
}
