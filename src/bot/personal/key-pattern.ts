/** Which keys are about one person. */
export interface KeyMatch {
  /** All of them begin so. */
  readonly prefix: string;
  readonly matches: (key: string) => boolean;
}

const USER = '{user}';

/**
 * Reads a declared pattern for one person: `{user}` is the exact name and nothing else, `*` any text without a slash, `**` any
 * text. The name is never read as a pattern, and since `*` ends at a slash, what belongs to `al` is not taken
 * for that of `al/x`.
 */
export function matchFor(pattern: string, user: string): KeyMatch {
  const parts = pattern.split(/(\{user\}|\*\*?)/u);
  let prefix = '';
  let open = true;
  const source = parts.map((part) => {
    if (part === '*' || part === '**') {
      open = false;
      return part === '*' ? '[^/]*' : '[^]*';
    }
    const text = part === USER ? user : part;
    if (open) prefix += text;
    return escaped(text);
  });
  const whole = new RegExp(`^${source.join('')}$`);
  return { prefix, matches: (key) => whole.test(key) };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
