/** A dotted IPv4 address? */
export function isIPv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** An address by which a host means itself. */
export function isLoopback(ip: string): boolean {
  return ip.startsWith('127.');
}

/** The address of a multicast group (224.0.0.0/4). */
export function isMulticast(ip: string): boolean {
  const first = Number(ip.split('.', 1)[0]);
  return first >= 224 && first <= 239;
}

export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}
