import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A withdrawal is not purged a second time, after the timeout of the origin.',
  file: 'functions/project/request-purge.ts',
  search: '  if (withdrawn) await ports.purgeRequests.send(',
  replace: '  if (false) await ports.purgeRequests.send(',
};
