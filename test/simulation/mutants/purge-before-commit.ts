import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Purges are requested before the feeds are written.',
  file: 'functions/project/project.ts',
  search: `  await writeFeeds(ports.feeds, head, images);
  // Before the purges, because the list is among the responses that they refresh.
  await listChanges(ports.changeList, changes);
  await requestPurges(ports, articleId, changes);`,
  replace: `  await requestPurges(ports, articleId, changes);
  await writeFeeds(ports.feeds, head, images);`,
};
