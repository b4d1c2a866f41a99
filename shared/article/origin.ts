/**
 * Where a version or a hold came from. Announcements of the changes that it leads to carry it. It is not part of the
 * digest, so the same message from two senders is one version.
 */
export interface Origin {
  /**
   * The sender's id of the event (`detail.correlationId`, which webhook endpoints set to the id of the request), else
   * the id of the bus event.
   */
  readonly correlationId: string;
  /** The name of the archive replay that first brought it, if a replay did. */
  readonly replay?: string | undefined;
}

/** The prefix of `replay` in announcements that `rebuild --announce` repeats. No archive was replayed for them. */
export const rebuildPrefix = 'announce-rebuild-';

/** The fields of an announcement that name its origin. */
export type OriginFields = { readonly [Field in keyof Origin]?: Origin[Field] | undefined };

export function originFields({ correlationId, replay }: OriginFields = {}): Partial<Origin> {
  return { ...(correlationId !== undefined && { correlationId }), ...(replay !== undefined && { replay }) };
}
