/**
 * 177 is the family for new and experimental clients, of which any minor may be used, until a number of our own
 * is agreed with the keepers of the protocol documentation [Nicotine+ doc].
 */
export const MAJOR_VERSION = 177;

/** Ours within the family. Never 0, which the server refuses [soulfind]. */
export const MINOR_VERSION = 1;
