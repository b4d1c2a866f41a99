import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'Announcements go out before the feeds are written.',
  file: 'functions/project/project.ts',
  search: `  await writeFeeds(ports.feeds, head, images);
`,
  replace: `  await ports.announcer.announce(changes.flatMap((change) => announcementsOf(change)));
  await writeFeeds(ports.feeds, head, images);
`,
};
