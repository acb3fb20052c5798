/*
 * The little of XML that gateways speak. Their documents are often not well-formed, so this looks for elements by name and
 * does not insist on anything else. Linear in the text.
 */

/** Texts between a tag of this name and the next end of it, whatever its prefix; not nested. */
export function elements(xml: string, name: string): string[] {
  const found: string[] = [];
  const open = new RegExp(`<(?:[\\w.-]+:)?${name}(?:\\s[^<>]*)?>`, 'g');
  const close = new RegExp(`</(?:[\\w.-]+:)?${name}\\s*>`, 'g');
  for (let begin = open.exec(xml); begin !== null; begin = open.exec(xml)) {
    close.lastIndex = open.lastIndex;
    const end = close.exec(xml);
    if (end === null) break;
    found.push(xml.slice(open.lastIndex, end.index));
    open.lastIndex = close.lastIndex;
  }
  return found;
}

/** The text of the first element of this name. */
export function element(xml: string, name: string): string | undefined {
  const text = elements(xml, name)[0]?.trim();
  return text === undefined ? undefined : unescapeXml(text);
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_all, name: string) => ENTITIES[name]!);
}

export function escapeXml(text: string): string {
  return text.replace(
    /[<>"'&]/g,
    (sign) => `&${Object.entries(ENTITIES).find(([, each]) => each === sign)![0]};`,
  );
}
