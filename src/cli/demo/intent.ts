/** What a typed line means. */
export type Intent =
  | { readonly kind: 'nothing' | 'who' | 'help' | 'quit' }
  | { readonly kind: 'say'; readonly text: string }
  | { readonly kind: 'pm'; readonly to: string; readonly text: string }
  | { readonly kind: 'unclear'; readonly why: string };

/** Understands what the person at the keyboard typed. Lines that begin with `/` are for us, `/me` for the room. */
export function intentOf(line: string): Intent {
  const text = line.trim();
  if (text === '') return { kind: 'nothing' };
  if (!text.startsWith('/') || /^\/me\s/.test(text)) return { kind: 'say', text };
  const [word = '', to = '', ...rest] = text.slice(1).split(/\s+/);
  switch (word) {
    case 'who':
    case 'help':
    case 'quit':
      return { kind: word };
    case 'pm':
      if (to === '' || rest.length === 0) return { kind: 'unclear', why: 'Usage: /pm NAME TEXT' };
      return { kind: 'pm', to, text: text.slice(text.indexOf(to, 3) + to.length).trim() };
    default:
      return { kind: 'unclear', why: `There is no /${word}. /help lists what there is.` };
  }
}
