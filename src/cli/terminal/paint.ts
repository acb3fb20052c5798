type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan';

const codes: Record<Style, readonly [number, number]> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
};

/** Puts colour on text, or not. */
export type Paint = (style: Style, text: string) => string;

/** Colour for a terminal, none for a file or pipe; `NO_COLOR` and `TERM=dumb` switch it off, `FORCE_COLOR` on. */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const on = env['NO_COLOR']
    ? false
    : env['FORCE_COLOR']
      ? true
      : stream.isTTY === true && env['TERM'] !== 'dumb';
  if (!on) return (_style, text) => text;
  return (style, text) => {
    const [open, close] = codes[style];
    return `\u001b[${open}m${text}\u001b[${close}m`;
  };
}

const nameStyles: readonly Style[] = ['cyan', 'green', 'yellow', 'blue', 'magenta'];

/** The same colour for the same name, every time. */
export function styleOfName(name: string): Style {
  let sum = 0;
  for (const char of name) sum = (sum * 31 + char.codePointAt(0)!) >>> 0;
  return nameStyles[sum % nameStyles.length]!;
}
