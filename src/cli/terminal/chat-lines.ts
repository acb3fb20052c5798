import { type Paint, styleOfName } from './paint.ts';
import { printable } from './printable.ts';

/** How chat looks in a terminal: one line each, time first, names in their own colour, text of strangers made safe. */
export class ChatLines {
  readonly #paint: Paint;

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  room(at: number, room: string, user: string, text: string): string {
    const action = /^\/me (.*)$/su.exec(text);
    const said = action
      ? `* ${this.#name(user)} ${printable(action[1]!)}`
      : `${this.#name(user)}: ${printable(text)}`;
    return `${this.#time(at)} ${this.#paint('dim', `#${printable(room)}`)} ${said}`;
  }

  private(at: number, from: string, to: string, text: string): string {
    return `${this.#time(at)} ${this.#paint('dim', 'private')} ${this.#name(from)} → ${this.#name(to)}: ${printable(text)}`;
  }

  /** Something that happened: who came, who went, what was decided. */
  note(at: number, text: string): string {
    return `${this.#time(at)} ${this.#paint('dim', `· ${printable(text)}`)}`;
  }

  #name(user: string): string {
    return this.#paint(styleOfName(user), printable(user));
  }

  #time(at: number): string {
    const date = new Date(at);
    const two = (part: number) => String(part).padStart(2, '0');
    return this.#paint('dim', `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`);
  }
}
