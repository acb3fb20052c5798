import type { Context } from './context.ts';
import type { Handlers } from './messages.ts';
import {
  globalRecommendations,
  itemRecommendations,
  recommendationsFor,
  sharedLikes,
} from './recommendations.ts';
import type { Session } from './session.ts';

/** How many likes, and how many hates, a user may have; and the bytes of one [soulfind]. */
const MAX_ITEMS = 30;
const MAX_ITEM_BYTES = 64;

const normal = (item: string) => item.trim().toLowerCase();

function add(items: Set<string>, item: string): void {
  const text = normal(item);
  if (text === '' || Buffer.byteLength(text) > MAX_ITEM_BYTES || items.size >= MAX_ITEMS) return;
  items.add(text);
}

function others(context: Context, session: Session): Session[] {
  return [...context.sessions.online()].filter((other) => other !== session);
}

/** Interests last as long as the session. */
export const interestHandlers = {
  AddThingILike: (_context, session, { item }) => add(session.likes, item),
  RemoveThingILike: (_context, session, { item }) => void session.likes.delete(normal(item)),
  AddThingIHate: (_context, session, { item }) => add(session.hates, item),
  RemoveThingIHate: (_context, session, { item }) => void session.hates.delete(normal(item)),

  Recommendations(context, session) {
    session.send({ type: 'Recommendations', ...recommendationsFor(session, others(context, session)) });
  },

  GlobalRecommendations(context, session) {
    session.send({ type: 'GlobalRecommendations', ...globalRecommendations(context.sessions.online()) });
  },

  ItemRecommendations(context, session, { item }) {
    const recommendations = itemRecommendations(normal(item), others(context, session));
    session.send({ type: 'ItemRecommendations', item, recommendations });
  },

  SimilarUsers(context, session) {
    const users = others(context, session)
      .map((other) => ({ username: other.name, rating: sharedLikes(session, other) }))
      .filter(({ rating }) => rating > 0);
    session.send({ type: 'SimilarUsers', users });
  },

  ItemSimilarUsers(context, session, { item }) {
    const fans = [...context.sessions.online()].filter((user) => user.likes.has(normal(item)));
    session.send({ type: 'ItemSimilarUsers', item, usernames: fans.map((user) => user.name) });
  },

  UserInterests(context, session, { username }) {
    const user = context.sessions.get(username);
    session.send({
      type: 'UserInterests',
      username,
      likes: [...(user?.likes ?? [])],
      hates: [...(user?.hates ?? [])],
    });
  },
} satisfies Partial<Handlers>;
