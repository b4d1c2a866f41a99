/**
 * Which event brought a version or a hold. It is told with every change that comes of it, and is no part of what the event
 * says: two messages that say the same are the same, whoever brought them.
 */
export interface Cause {
  /** What its sender called it (`detail.correlationId`: a door of this house puts the id of its own request there), else the bus's id of it. */
  readonly correlationId: string;
  /** The replay of the bus that brought it, where nothing else has. */
  readonly replay?: string | undefined;
  /** When a silent replay brought it, epoch ms: what the clock makes of it later is news. */
  readonly replayedAt?: number | undefined;
}

/** Replays whose name begins so are announced, and marked. All others change what readers see and tell nobody. */
export const announcedReplay = 'announce-';

/** So begin those that no archive was replayed for: a rebuild that is announced tells every live article again. */
export const announcedRebuild = `${announcedReplay}rebuild-`;

/** Whether consumers hear of what this caused. Rows stored before causes were have none, and were always told of. */
export function isTold(cause: Cause | undefined): boolean {
  return cause?.replay === undefined || cause.replay.startsWith(announcedReplay);
}

/** What an announcement says of its cause, or nothing. */
export type ToldCause = { readonly [Field in 'correlationId' | 'replay']?: Cause[Field] | undefined };

export function causeFields({ correlationId, replay }: ToldCause = {}): Partial<Pick<Cause, keyof ToldCause>> {
  return { ...(correlationId !== undefined && { correlationId }), ...(replay !== undefined && { replay }) };
}

/** Whether a message that is stored as `standing` brought it is to be stored as `next` brings it: a silent replay that came first must not hush up an event. */
export function outranks(next: Cause | undefined, standing: Cause | undefined): boolean {
  return rankOf(next) > rankOf(standing);
}

function rankOf(cause: Cause | undefined): number {
  if (cause?.replay === undefined) return 2;
  return isTold(cause) ? 1 : 0;
}
