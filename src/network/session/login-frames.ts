import { createHash } from 'node:crypto';
import { encodeServerRequest } from '../../protocol/index.ts';
import { MAJOR_VERSION, MINOR_VERSION } from './version.ts';

/**
 * Login and SetWaitPort as one piece: sent apart, watchers would learn that we are online before the server knows
 * our port [Nicotine+]. The hash is the MD5 of name and password, which the server does not check [aioslsk].
 */
export function loginFrames(username: string, password: string, waitPort: number): Uint8Array {
  const login = encodeServerRequest({
    type: 'Login',
    username,
    password,
    majorVersion: MAJOR_VERSION,
    hash: createHash('md5').update(`${username}${password}`, 'utf8').digest('hex'),
    minorVersion: MINOR_VERSION,
  });
  return Buffer.concat([login, encodeServerRequest({ type: 'SetWaitPort', port: waitPort })]);
}
