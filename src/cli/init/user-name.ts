/** Why the server would refuse a user name, or undefined: 1 to 30 printable ASCII characters, no space at the edges [soulfind]. */
export function userNameProblem(name: string): string | undefined {
  if (name === '') return 'a user name is needed';
  if (name.length > 30) return 'a user name has at most 30 characters';
  if (!/^[ -~]*$/.test(name)) return 'a user name has only printable ASCII characters';
  if (name !== name.trim()) return 'a user name does not begin or end with a space';
  if (name === 'server') return 'the name "server" belongs to the server';
  return undefined;
}
