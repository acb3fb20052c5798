import type { Handlers } from './messages.ts';

const ignore = () => {};

/** Requests that no longer do anything, and those whose only effect is an empty answer. */
export const obsoleteHandlers = {
  /** No reply today. */
  ServerPing: ignore,
  IgnoreUser: ignore,
  UnignoreUser: ignore,
  FileSearchRoom: ignore,
  SendDownloadSpeed: ignore,
  AdminCommand: ignore,
  PlaceInLineRequest: ignore,
  PlaceInLineResponse: ignore,
  ExactFileSearch: ignore,
  TunneledMessage: ignore,
  ParentIP: ignore,
  AckNotifyPrivileges: ignore,
  ChildDepth: ignore,
  RoomSomething: ignore,

  /** Asking for everybody ends the connection. */
  GlobalUserList(_context, session) {
    session.close('asked for the global user list');
  },

  MyRecommendations(_context, session) {
    session.send({ type: 'MyRecommendations', recommendations: [] });
  },

  SimilarRecommendations(_context, session, { recommendation }) {
    session.send({ type: 'SimilarRecommendations', recommendation, similarRecommendations: [] });
  },

  RelatedSearch(_context, session, { query }) {
    session.send({ type: 'RelatedSearch', query, terms: [] });
  },
} satisfies Partial<Handlers>;
