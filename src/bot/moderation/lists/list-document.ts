import * as z from 'zod';
import { isPublicKey } from './signature.ts';

/** Longer ones are refused, in bytes. */
export const MAX_LIST_BYTES = 1024 * 1024;
const MAX_ENTRIES = 10_000;
const MAX_INCLUDES = 10;

const time = z.iso.datetime({ offset: true, error: 'expected a time such as 2026-12-31T00:00:00Z' });
const key = z.string().refine(isPublicKey, 'expected a public key: ed25519: and 32 bytes in base64');

const entry = z.strictObject({
  user: z.string().min(1).max(30),
  reason: z.string().min(1).max(300),
  /** As a rule's verdict. */
  points: z.number().gt(0).max(100).prefault(3),
  /** Does not count any more after that. */
  until: time.optional(),
});

const document = z.strictObject({
  'seekeeper-list': z.literal(1, 'expected 1: lists of other versions cannot be read'),
  name: z.string().min(1).max(64),
  by: z.string().max(64).optional(),
  issued: time,
  expires: time,
  entries: z.array(entry).max(MAX_ENTRIES),
  include: z
    .array(z.strictObject({ from: z.string().min(1).max(2000), key }))
    .max(MAX_INCLUDES)
    .prefault([]),
  /** Of whoever signed it; a draft has none. */
  key: key.optional(),
  signature: z.string().max(200).optional(),
});

/** A watch list as it stands in a file, signed or not yet. */
export type ListDocument = z.output<typeof document>;
export type ListDocumentInput = z.input<typeof document>;

/** Why a list is not taken, in one sentence for people. */
export class ListError extends Error {
  override readonly name = 'ListError';
  readonly code:
    | 'unreadable'
    | 'too-large'
    | 'malformed'
    | 'unsigned'
    | 'wrong-key'
    | 'bad-signature'
    | 'expired'
    | 'future'
    | 'older'
    | 'loop';

  constructor(code: ListError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/** The shape of it, and nothing else. @throws ListError `too-large`, `malformed` */
export function readDocument(text: string): { readonly document: ListDocument; readonly raw: object } {
  if (Buffer.byteLength(text) > MAX_LIST_BYTES)
    throw new ListError('too-large', `it is larger than ${MAX_LIST_BYTES / 1024} kB`);
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    throw new ListError('malformed', 'it is not JSON');
  }
  const read = document.safeParse(raw);
  if (read.success) return { document: read.data, raw: raw as object };
  const [first] = read.error.issues;
  const where = first === undefined || first.path.length === 0 ? 'it' : first.path.map(String).join('.');
  throw new ListError('malformed', `${where}: ${first?.message ?? 'cannot be read'}`);
}
