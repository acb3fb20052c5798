/** Two 32-bit words and one 64-bit number over the same memory: the quickest way between them in JavaScript. */
export const words = new Uint32Array(2);
export const whole = new BigUint64Array(words.buffer);

whole[0] = 1n;
/** Index in `words` of the low word; 0 on every machine that Node commonly runs on (little-endian). */
export const LOW = words[0] === 1 ? 0 : 1;
export const HIGH = 1 - LOW;
