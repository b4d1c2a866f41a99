import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A purge is named by its tags alone, and CloudFront swallows the second of two.',
  file: 'functions/purge/purge.ts',
  search: `announcementId('purge', ...messageIds, ...part)`,
  replace: `announcementId('purge', ...part)`,
};
