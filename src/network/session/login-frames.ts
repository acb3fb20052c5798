import { createHash } from 'node:crypto';
import { encodeServerRequest, OBFUSCATION_ROTATED } from '../../protocol/index.ts';
import type { OpenPorts } from '../peers/ports.ts';
import { MAJOR_VERSION, MINOR_VERSION } from './version.ts';

/**
 * Login and SetWaitPort as one piece: sent apart, watchers would learn that we are online before the server knows
 * our port [Nicotine+]. The hash is the MD5 of name and password, which the server does not check [aioslsk].
 */
export function loginFrames(
  username: string,
  password: string,
  { plain, obfuscated }: OpenPorts,
): Uint8Array {
  const login = encodeServerRequest({
    type: 'Login',
    username,
    password,
    majorVersion: MAJOR_VERSION,
    hash: createHash('md5').update(`${username}${password}`, 'utf8').digest('hex'),
    minorVersion: MINOR_VERSION,
  });
  const waitPort = encodeServerRequest({
    type: 'SetWaitPort',
    port: plain,
    ...(obfuscated !== 0 && { obfuscationType: OBFUSCATION_ROTATED, obfuscatedPort: obfuscated }),
  });
  return Buffer.concat([login, waitPort]);
}
