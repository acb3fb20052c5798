import { describe, expect, it } from 'vitest';
import { allMessages } from './layouts.ts';

describe('allMessages', () => {
  const messages = allMessages();

  it('has every message once', () => {
    const keys = messages.map(({ kind, direction, code, name }) => `${kind} ${direction} ${code ?? name}`);
    expect(new Set(keys).size).toBe(keys.length);
    const names = messages.map(({ kind, direction, name }) => `${kind} ${direction} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    const count = (kind: string, direction: string) =>
      messages.filter((message) => message.kind === kind && message.direction === direction).length;
    expect(count('server', 'request')).toBe(73);
    expect(count('server', 'response')).toBe(72);
    expect(count('init', 'request')).toBe(2);
    expect(count('peer', 'request')).toBe(17);
    expect(count('distributed', 'request')).toBe(6);
    expect(count('file', 'request')).toBe(2);
  });

  it('has the layouts as documentation shows them', () => {
    const layout = (name: string, direction = 'request') =>
      messages.find((message) => message.name === name && message.direction === direction);
    expect(layout('SetWaitPort')?.layout).toBe('port:u32, opt(obfuscationType:u32, obfuscatedPort:u32)');
    expect(layout('Login', 'response')?.layout).toBe(
      'success:bool, if success {greeting:str, ip:ip, hash:str, isSupporter:bool}, if !success {reason:str, opt(detail:str)}',
    );
    expect(layout('FolderContentsResponse')).toMatchObject({
      compressed: true,
      layout:
        'token:u32, folder:str, folders:[{name:str, files:[{code:u8, filename:str, size:u64, extension:str, attributes:[{type:u32, value:u32}]}]}]',
    });
    expect(layout('ServerPing')?.layout).toBe('');
    expect(layout('FileOffset')).toMatchObject({ code: null, layout: 'offset:u64' });
    expect(layout('JoinRoom')?.layout).toBe('room:str, opt(private:u32)');
  });

  it('knows what is no longer in use', () => {
    const status = (of: string) => messages.filter((message) => message.status === of).length;
    expect([status('current'), status('deprecated'), status('obsolete')]).toEqual([123, 10, 39]);
  });
});
