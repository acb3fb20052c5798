/** Behind one of these a number is a number: "Malcolm X" and "The XX" are none. */
const COUNTED =
  /(?<![\p{L}\p{N}])((?:part|pt|vol|volume|chapter|book|act|episode)\.?\s+)(\d{1,2}|[ivx]{2,5})(?=[\s")\],]|$)/giu;

const ROMAN = 'I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI XVII XVIII XIX XX'.split(' ');

/**
 * `Part 2` as `Part II`, and `Part XII` as `Part 12`. Never as one sign (`Part 5` and `Part V`, `Part II` and `Part 2`):
 * those are not sent, so that the network would be asked for less.
 */
export function toNumeral(text: string): string {
  return text.replace(COUNTED, (all, counted: string, number: string) => {
    const other = /^\d/u.test(number) ? ROMAN[Number(number) - 1] : arabic(number);
    return other === undefined || other.length < 2 ? all : counted + other;
  });
}

function arabic(number: string): string | undefined {
  const index = ROMAN.indexOf(number.toUpperCase());
  return index < 0 ? undefined : String(index + 1);
}
