/** How many of something, in words: "1 user", "2 users". @param noun one whose plural only adds an s */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
