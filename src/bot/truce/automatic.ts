/**
 * Marks that clients and scripts put in front of what nobody typed: Nicotine+ sends `[Automatic Message]` with reasons for
 * refused files and `[Auto-Message]` as its reply while away; plugins write the same in other words. [Nicotine+ doc]
 */
const MARK =
  /^\s*(?:[[({<*]\s*)?auto(?:matic|mated)?[\s_-]*(?:message|reply|response|answer|responder)\s*(?:[\])}>*:]|-\s)/i;

/** Whether a line says of itself that no person wrote it. */
export function isAutomatic(text: string): boolean {
  return MARK.test(text.slice(0, 64));
}

/** `\x01VERSION\x01` and the like: questions that a client answers by itself. [Nicotine+ doc] */
export function isCtcp(text: string): boolean {
  return text.startsWith('\u0001');
}
