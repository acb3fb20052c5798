import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';

/** What a key begins with, so that nobody takes it for something else. */
const PUBLIC = 'ed25519:';
const SECRET = 'ed25519-secret:';
/** What stands before the 32 bytes of a key in its usual file format (RFC 8410). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** A pair of keys as texts: the public one is for everybody, the secret one for a file of mode 0600. */
export interface ListKeys {
  readonly public: string;
  readonly secret: string;
}

export function makeKeys(): ListKeys {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = (key: KeyObject, type: 'spki' | 'pkcs8') =>
    key
      .export({ format: 'der', type } as { format: 'der'; type: 'spki' })
      .subarray(-KEY_BYTES)
      .toString('base64');
  return { public: PUBLIC + raw(publicKey, 'spki'), secret: SECRET + raw(privateKey, 'pkcs8') };
}

/** Whether this looks like a public key as {@link makeKeys} writes them. */
export function isPublicKey(text: string): boolean {
  return bytesOf(text, PUBLIC, KEY_BYTES) !== undefined;
}

/** The public half. @throws RangeError for what is no secret key. */
export function publicOf(secret: string): string {
  const spki = createPublicKey(secretKey(secret)).export({ format: 'der', type: 'spki' });
  return PUBLIC + spki.subarray(-KEY_BYTES).toString('base64');
}

/** @returns the signature in base64. @throws RangeError for what is no secret key. */
export function signText(text: string, secret: string): string {
  return sign(null, Buffer.from(text), secretKey(secret)).toString('base64');
}

/** Whether whoever has the secret half of `key` signed this text. What is no key or no signature has not. */
export function verifyText(text: string, signature: string, key: string): boolean {
  const publicKey = bytesOf(key, PUBLIC, KEY_BYTES);
  const signed = bytesOf(signature, '', SIGNATURE_BYTES);
  if (publicKey === undefined || signed === undefined) return false;
  const spki = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return verify(null, Buffer.from(text), spki, signed);
}

function secretKey(text: string): KeyObject {
  const bytes = bytesOf(text.trim(), SECRET, KEY_BYTES);
  if (bytes === undefined)
    throw new RangeError(`a secret key begins with ${SECRET}; make one with "seekeeper moderate list key"`);
  return createPrivateKey({ key: Buffer.concat([PKCS8, bytes]), format: 'der', type: 'pkcs8' });
}

function bytesOf(text: string, prefix: string, length: number): Buffer | undefined {
  if (!text.startsWith(prefix)) return undefined;
  const bytes = Buffer.from(text.slice(prefix.length), 'base64');
  return bytes.length === length ? bytes : undefined;
}
