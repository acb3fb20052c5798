/** A line that asks for a command. */
export interface Call {
  /** The command's name as typed, without prefix. */
  readonly name: string;
  /** Everything after the name, as typed. */
  readonly rest: string;
  /** False for a private line that names a command without the prefix. */
  readonly prefixed: boolean;
}

/**
 * Reads a line as a call: the prefix, at once the name, then the rest.
 * @param bare the prefix may be missing, as in a private conversation with the bot.
 * @returns undefined when the line is ordinary talk; a bare line is always some call, whose name may mean nothing.
 */
export function readCall(line: string, prefix: string, bare: boolean): Call | undefined {
  const text = line.trimStart();
  if (text.startsWith(prefix)) return split(text.slice(prefix.length), true);
  return bare ? split(text, false) : undefined;
}

function split(body: string, prefixed: boolean): Call | undefined {
  const name = /^\S+/u.exec(body)?.[0];
  return name === undefined ? undefined : { name, rest: body.slice(name.length), prefixed };
}
