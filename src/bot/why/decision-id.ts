/** Without letters and digits that look like others. */
const ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';
const LENGTH = 4;
/** 923,521: far more than decisions are kept, so that no two of them have the same id. */
const COUNT = ALPHABET.length ** LENGTH;
/** Shares no factor with COUNT: every number below it gives another id, and neighbours look nothing alike. */
const STRIDE = 387_533;

/** The id of the n-th decision: `w` and four characters, such as `w3f9k`. */
export function decisionId(number: number): string {
  let rest = (number * STRIDE) % COUNT;
  let id = '';
  for (let place = 0; place < LENGTH; place++) {
    id = ALPHABET.charAt(rest % ALPHABET.length) + id;
    rest = Math.floor(rest / ALPHABET.length);
  }
  return `w${id}`;
}

/** Whether it has the form of an id, as people type it. */
export function isDecisionId(text: string): boolean {
  return /^w[2-9a-hj-km-np-z]{4}$/i.test(text);
}
