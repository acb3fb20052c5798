/** A private message from `server`, understood. The texts are the server's only feedback on room administration. */
export type Notice =
  | { readonly kind: 'banned'; readonly minutes: number; readonly text: string }
  | { readonly kind: 'user-offline'; readonly user: string; readonly text: string }
  | { readonly kind: 'invitations-off'; readonly user: string; readonly text: string }
  | { readonly kind: 'already-member'; readonly user: string; readonly room: string; readonly text: string }
  | { readonly kind: 'is-owner'; readonly user: string; readonly room: string; readonly text: string }
  | { readonly kind: 'must-be-member'; readonly user: string; readonly room: string; readonly text: string }
  | { readonly kind: 'already-operator'; readonly user: string; readonly room: string; readonly text: string }
  | {
      readonly kind: 'now-member';
      readonly user: string;
      readonly room: string;
      readonly operator?: string;
      readonly text: string;
    }
  | { readonly kind: 'no-longer-member'; readonly user: string; readonly room: string; readonly text: string }
  | { readonly kind: 'now-operator'; readonly user: string; readonly room: string; readonly text: string }
  | {
      readonly kind: 'no-longer-operator';
      readonly user: string;
      readonly room: string;
      readonly text: string;
    }
  | { readonly kind: 'registered-public'; readonly room: string; readonly text: string }
  | { readonly kind: 'registered-private'; readonly room: string; readonly text: string }
  | {
      readonly kind: 'room-name-refused';
      readonly room?: string;
      readonly reason: string;
      readonly text: string;
    }
  | {
      readonly kind: 'moderated';
      readonly room: string;
      readonly moderators: readonly string[];
      readonly text: string;
    }
  | { readonly kind: 'old-version'; readonly text: string }
  | { readonly kind: 'other'; readonly text: string };
