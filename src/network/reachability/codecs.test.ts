import fc from 'fast-check';
import { expect, it } from 'vitest';
import { element, elements, escapeXml } from './igd-xml.ts';
import { ipv4Bytes, ipv4Text } from './ipv4.ts';
import { natPmpRequest, readNatPmp } from './nat-pmp.ts';
import { pcpRequest, readPcp } from './pcp.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

it('writes the requests of RFC 6886 and RFC 6887', () => {
  expect(hex(natPmpRequest(2234, 2234, 7200))).toBe('0002000008ba08ba00001c20');
  expect(hex(natPmpRequest(2234, 2234, 0))).toBe('0002000008ba000000000000');
  const nonce = Uint8Array.from({ length: 12 }, (_, i) => i);
  expect(
    hex(pcpRequest({ client: '192.168.1.50', internal: 2234, external: 2235, lifetime: 120, nonce })),
  ).toBe(
    '0201000000000078' +
      '00000000000000000000ffffc0a80132' +
      '000102030405060708090a0b' +
      '06000000' +
      '08ba08bb' +
      '00000000000000000000ffff00000000',
  );
});

it('reads answers, and says in words why there is none', () => {
  expect(readNatPmp(Buffer.from('008200000000006308ba08bb00000e10', 'hex'))).toEqual({
    internal: 2234,
    external: 2235,
    lifetime: 3600,
  });
  const refusal = (code: number) => () => readNatPmp(Buffer.from([0, 130, 0, code, 0, 0, 0, 0]));
  expect(refusal(2)).toThrow('mapping is switched off there');
  expect(refusal(9)).toThrow('it answers 9');
  expect(refusal(1)).toThrow('does not know this version');
  const nonce = Buffer.alloc(12, 5);
  const reply = Buffer.concat([
    Buffer.from('0281000000000078', 'hex'),
    Buffer.alloc(16),
    nonce,
    Buffer.from('0600000008ba08bb', 'hex'),
    Buffer.from('00000000000000000000ffffcb007109', 'hex'),
  ]);
  expect(readPcp(reply, nonce)).toEqual({
    internal: 2234,
    external: 2235,
    lifetime: 120,
    externalIp: '203.0.113.9',
  });
  expect(readPcp(reply, Buffer.alloc(12, 6))).toBeUndefined();
  expect(() => readPcp(Buffer.from([0, 0x81, 0, 1]), nonce)).toThrow('does not know this version');
});

it('no bytes make the readers throw anything but a refusal', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      for (const read of [readNatPmp, (each: Uint8Array) => readPcp(each, Buffer.alloc(12))]) {
        try {
          read(bytes);
        } catch (error) {
          expect((error as Error).name).toBe('MappingError');
        }
      }
    }),
  );
});

it('finds elements in what gateways call XML', () => {
  const xml =
    '<root xmlns="x"><a:service>\n<serviceType>one</serviceType></a:service><service><serviceType>two&amp;3';
  expect(elements(xml, 'service')).toEqual(['\n<serviceType>one</serviceType>']);
  expect(element(xml, 'serviceType')).toBe('one');
  expect(element('<a>x &lt; &amp;amp;</a>', 'a')).toBe('x < &amp;');
  expect(escapeXml(`<&"'>`)).toBe('&lt;&amp;&quot;&apos;&gt;');
  const long = '<service '.repeat(50_000);
  expect(elements(long, 'service')).toEqual([]);
});

it('knows an IPv4 address when it sees one', () => {
  expect(ipv4Text(ipv4Bytes('10.0.255.1')!)).toBe('10.0.255.1');
  for (const wrong of ['', '1.2.3', '1.2.3.256', '01.2.3.4', '::1', '1.2.3.4.5', 'a.b.c.d'])
    expect(ipv4Bytes(wrong)).toBeUndefined();
});
