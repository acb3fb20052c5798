/**
 * Makes text of strangers safe to print: control characters, and with them every terminal escape sequence, and marks
 * that turn the direction of writing become visible signs. Otherwise a chat line could move the cursor, forge other
 * lines or set the window's title.
 */
export function printable(text: string): string {
  return text.replace(unsafe, (char) => {
    const code = char.codePointAt(0)!;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : code === 0x7f ? '␡' : '�';
  });
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const unsafe = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
