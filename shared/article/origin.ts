/**
 * Where a version or a hold came from. Announcements of changes that it causes carry it. It is no part of the digest: two messages
 * that say the same are one, whoever brought them.
 */
export interface Origin {
  /** The sender's own name for the event (`detail.correlationId`; the webhook endpoints put the id of the request there), else the id of the bus event. */
  readonly correlationId: string;
  /** The name of the archive replay that first brought it, if one did. */
  readonly replay?: string | undefined;
}

/** The prefix of the `replay` of announcements that `rebuild --announce` repeats; no archive was replayed for them. */
export const rebuildPrefix = 'announce-rebuild-';

/** The fields of an announcement that name its cause. */
export type OriginFields = { readonly [Field in keyof Origin]?: Origin[Field] | undefined };

export function originFields({ correlationId, replay }: OriginFields = {}): Partial<Origin> {
  return { ...(correlationId !== undefined && { correlationId }), ...(replay !== undefined && { replay }) };
}
