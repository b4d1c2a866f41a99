import { generateJsonFeed } from 'feedsmith';
import { audioType } from '../../shared/audio/audio-rendition.ts';
import { authorFeedsIn, authorsIn, tagsOf, type FeedContent } from './feed-parts.ts';
import { absolute, type Site } from './site.ts';

/** Returns a feed as JSON Feed 1.1 (jsonfeed.org/version/1.1). */
export function jsonFeed(site: Site, { page, title, items, selfUrl, nextUrl }: FeedContent): string {
  const { name, language, logo, hub } = site.theme;
  return JSON.stringify({
    // The generator leaves out an empty list, which the format requires.
    items: [],
    ...(generateJsonFeed({
      title: `${title} – ${name}`,
      home_page_url: site.url + page,
      feed_url: selfUrl,
      ...(nextUrl !== undefined && { next_url: nextUrl }),
      language,
      ...(logo && { icon: absolute(site, logo.href) }),
      ...(hub !== undefined && { hubs: [{ type: 'WebSub', url: hub }] }),
      items: items.map(({ card, seq, content }) => ({
        id: card.uri,
        url: site.url + card.path,
        title: card.headline,
        // The format requires content in every item. Without the text, this is the standfirst, else the headline.
        ...(content === undefined ? { content_text: card.standfirst ?? card.headline } : { content_html: content }),
        ...(card.standfirst !== undefined && { summary: card.standfirst }),
        ...(card.picture && { image: absolute(site, card.picture.href) }),
        ...(card.audio && {
          attachments: [
            {
              url: absolute(site, card.audio.href),
              mime_type: audioType,
              size_in_bytes: card.audio.bytes,
              duration_in_seconds: card.audio.seconds,
            },
          ],
        }),
        ...(card.language !== undefined && { language: card.language }),
        date_published: new Date(card.firstPublished),
        date_modified: new Date(card.updated),
        ...(authorsIn(card).length > 0 && { authors: authorFeedsIn(site, card) }),
        ...(tagsOf(site, card).length > 0 && { tags: tagsOf(site, card) }),
        _pressrun: { ...card, seq },
      })),
    }) as object),
  });
}
