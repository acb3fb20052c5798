import { canonicalJson } from './canonical.ts';
import { type ListDocument, type ListDocumentInput, ListError, readDocument } from './list-document.ts';
import { publicOf, signText, verifyText } from './signature.ts';

const DAY_MS = 86_400_000;
/** Clocks differ. */
const AHEAD_MS = DAY_MS;
/** A list that nobody renews must end. */
const MAX_LIFE_MS = 366 * DAY_MS;

/** A list that is what its publisher wrote, and still holds. */
export interface VerifiedList {
  readonly document: ListDocument;
  /** Milliseconds since the epoch. */
  readonly issued: number;
  readonly expires: number;
}

/**
 * Reads a list and checks who wrote it.
 * @param key the public key that the subscription trusts: what the list says about itself proves nothing
 * @throws ListError
 */
export function verifyList(text: string, key: string, now: number): VerifiedList {
  const { document, raw } = readDocument(text);
  const { signature, ...signed } = raw as Record<string, unknown>;
  if (typeof signature !== 'string') throw new ListError('unsigned', 'it is not signed');
  if (document.key !== key)
    throw new ListError(
      'wrong-key',
      `it is signed with ${document.key ?? 'no key'}, and ${key} is the one that is trusted`,
    );
  if (!verifyText(canonicalJson(signed), signature, key))
    throw new ListError('bad-signature', 'the signature does not fit: it was changed after it was signed');
  const issued = Date.parse(document.issued);
  const expires = Date.parse(document.expires);
  if (issued > now + AHEAD_MS) throw new ListError('future', `it is dated ahead: ${document.issued}`);
  if (expires - issued > MAX_LIFE_MS)
    throw new ListError('malformed', 'it would hold for more than a year: expires must be nearer to issued');
  if (expires <= now) throw new ListError('expired', `it has expired: ${document.expires}`);
  return { document, issued, expires };
}

/** Signs a list. @returns the file. @throws RangeError for what is no key; ListError `malformed`. */
export function signList(draft: Omit<ListDocumentInput, 'key' | 'signature'>, secret: string): string {
  const whole = { ...draft, key: publicOf(secret) };
  readDocument(JSON.stringify(whole));
  const signature = signText(canonicalJson(whole), secret);
  return `${JSON.stringify({ ...whole, signature }, undefined, 2)}\n`;
}
