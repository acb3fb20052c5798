import { TextDecoder } from 'node:util';

/** Why `label` cannot be a room's charset, or undefined when it can. Labels are those of the WHATWG Encoding standard. */
export function charsetProblem(label: string): string | undefined {
  try {
    new TextDecoder(label);
    return undefined;
  } catch {
    return `unknown charset ${JSON.stringify(label)}: use a label like windows-1251, koi8-r or shift_jis`;
  }
}

/**
 * Text of rooms whose people do not write UTF-8. The protocol layer reads bytes that are not valid UTF-8 as
 * Latin-1, which keeps every byte, and says in which fields; here those bytes are read again in the room's charset.
 */
export class RoomText {
  readonly #decoders = new Map<string, TextDecoder>();

  /** @throws RangeError naming the room when a label is unknown. */
  constructor(charsets: Readonly<Record<string, string>>) {
    for (const [room, label] of Object.entries(charsets)) {
      const problem = charsetProblem(label);
      if (problem !== undefined) throw new RangeError(`charset of room ${JSON.stringify(room)}: ${problem}`);
      this.#decoders.set(room, new TextDecoder(label, { ignoreBOM: true }));
    }
  }

  /** `text` was the field `field` of a struct whose `latin1` lists the fields that fell back to Latin-1. */
  read(room: string, field: string, text: string, latin1: readonly string[] | undefined): string {
    if (!latin1?.includes(field)) return text;
    const decoder = this.#decoders.get(room);
    return decoder ? decoder.decode(Buffer.from(text, 'latin1')) : text;
  }
}
