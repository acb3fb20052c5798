import type { Log } from '../log.ts';
import type { Platform } from '../platform.ts';
import { CryptoRandom } from './crypto-random.ts';
import { descriptorLimit } from './descriptor-limit.ts';
import { FetchHttp } from './fetch-http.ts';
import { RealClock } from './real-clock.ts';
import { SmtpMail } from './smtp-mail.ts';
import { TcpTransport } from './tcp-transport.ts';
import { UdpDatagram } from './udp-datagram.ts';

/** The real world, for the program's entry. */
export function realPlatform(log: Log): Platform {
  const descriptors = descriptorLimit();
  return {
    clock: new RealClock(),
    random: new CryptoRandom(),
    transport: new TcpTransport({ log }),
    datagram: new UdpDatagram({ log }),
    http: new FetchHttp(),
    mail: new SmtpMail(),
    log,
    ...(descriptors !== undefined && { descriptors }),
  };
}
