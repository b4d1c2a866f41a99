import type { Mutant } from '../../simulation/mutant.ts';

export const mutant: Mutant = {
  breaks: 'An embargo under a name that is no name of ninjs is ignored.',
  file: 'shared/article/ninjs.ts',
  search: `if (kind === 'item') { if (issues.length < maxIssues) issues.push(...nearlyRight(name, path)); embargoesIn(held, [...path, name], issues); publicationsIn({ [name]: held }, path, issues, receivedAt); } else embargoesIn({ [name]: held }, path, issues);`,
  replace: `if (kind === 'text') issues.push(...nearlyRight(name, path)); publicationsIn({ [name]: held }, path, issues, receivedAt);`,
};
