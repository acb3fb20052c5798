/** RFC 3492. */
const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const LAST = 0x10ffff;

/** A label of a domain as it is read: `xn--mnchen-3ya` is `münchen`. What cannot be decoded stays as it is. */
export function fromPunycode(label: string): string {
  if (!label.startsWith('xn--')) return label;
  const body = label.slice(4);
  const cut = body.lastIndexOf('-');
  const out = Array.from(cut > 0 ? body.slice(0, cut) : '', (char) => char.codePointAt(0)!);
  let n = 128;
  let i = 0;
  let bias = 72;
  let at = cut > 0 ? cut + 1 : 0;
  while (at < body.length) {
    const before = i;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const digit = digitOf(body[at++]);
      if (digit === undefined) return label;
      i += digit * weight;
      if (i > LAST * 64) return label;
      const threshold = Math.min(Math.max(k - bias, T_MIN), T_MAX);
      if (digit < threshold) break;
      weight *= BASE - threshold;
    }
    bias = adapted(i - before, out.length + 1, before === 0);
    n += Math.floor(i / (out.length + 1));
    if (n > LAST) return label;
    i %= out.length + 1;
    out.splice(i++, 0, n);
  }
  return String.fromCodePoint(...out);
}

function digitOf(char: string | undefined): number | undefined {
  if (char === undefined) return undefined;
  if (char >= 'a' && char <= 'z') return char.charCodeAt(0) - 97;
  if (char >= '0' && char <= '9') return char.charCodeAt(0) - 22;
  return undefined;
}

function adapted(delta: number, points: number, first: boolean): number {
  let rest = first ? Math.floor(delta / DAMP) : Math.floor(delta / 2);
  rest += Math.floor(rest / points);
  let k = 0;
  while (rest > ((BASE - T_MIN) * T_MAX) / 2) {
    rest = Math.floor(rest / (BASE - T_MIN));
    k += BASE;
  }
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
