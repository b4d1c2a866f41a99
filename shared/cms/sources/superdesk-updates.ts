import type { Command } from '../command.ts';
import { revisionOf } from '../revision.ts';
import { uriOf, type SourceSettings } from '../source-settings.ts';

/** Superdesk identifies items by `guid`, and those that it took from an agency by the agency's. */
export function itemUri(guid: string, settings: SourceSettings): string {
  return uriOf('superdesk', settings, encodeURI(guid.toWellFormed()));
}

/** The warning of an update that is embargoed. */
export const earlierStays =
  'names a story that stays public beside this one: unpublish it when the embargo of this one ends';

/**
 * Returns the story of which this one is an update. Superdesk gives an update a guid of its own and names the story
 * before it: in `evolvedfrom`, and in format `ninjs2` also in `rewrite_of`.
 */
export function earlierIn(
  payload: Record<string, unknown>,
  settings: SourceSettings,
  own: unknown,
): { readonly path: string; readonly uri: string } | undefined {
  for (const path of ['evolvedfrom', 'rewrite_of']) {
    const guid = payload[path];
    if (typeof guid !== 'string' || guid === '') continue;
    const uri = itemUri(guid, settings);
    return uri === own ? undefined : { path, uri };
  }
  return undefined;
}

/** Withdraws a story of which there is an update, in all versions until the update was made. */
export function withdrawalOf(uri: string, continuedBy: unknown, versionCreated: string): Command {
  return {
    type: 'article.unpublished',
    detail: {
      article: { uri, versionCreated },
      revision: revisionOf(undefined, true),
      ...(typeof continuedBy === 'string' && { continuedBy }),
    },
  };
}
