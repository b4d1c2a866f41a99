import type { Observed } from '../observed.ts';
import { liveName, postNames, uriOf } from '../plan.ts';
import { skewMilliseconds } from './named.ts';

/** Returns a sentence for each version and picture in a text whose embargo has not passed on any clock. */
export function leaksIn(world: Observed, where: string, text: string): string[] {
  const { oracle, now } = world;
  const leaks: string[] = [];
  for (const [, article = '', word = ''] of text.matchAll(
    /story[ -]([abcpqrm])[ -](one|two|three|four)\b(?!\.json)/gi,
  )) {
    const isPost = (postNames as readonly string[]).includes(article.toLowerCase());
    if (isPost && !mayStoryBeKnown(world))
      leaks.push(`${where} tells of a post of ${liveName} before the story's embargo has passed`);
    const isKnown = oracle.mayBeKnown(
      now + skewMilliseconds,
      (fact) =>
        fact.article?.uri === uriOf(article.toLowerCase()) &&
        (fact.profile?.jobTitle ?? fact.article.headlines?.[0]?.value)?.toLowerCase() ===
          `story ${article} ${word}`.toLowerCase(),
    );
    if (!isKnown) leaks.push(`${where} tells of story ${article} ${word} before its embargo has passed`);
  }
  for (const [, picture = ''] of text.matchAll(/(picture[-_]\d+)\b/g))
    if (!oracle.mayHaveBeenShown(`urn:paper:${picture.replace('_', '-')}`, now + skewMilliseconds))
      leaks.push(`${where} shows ${picture}, which may not be shown`);
  return leaks;
}

/** Returns whether a version of the live story may be public on some clock: its posts are not before. */
export function mayStoryBeKnown({ oracle, now }: Observed): boolean {
  return oracle.mayBeKnown(now + skewMilliseconds, (fact) => fact.article?.uri === uriOf(liveName));
}
