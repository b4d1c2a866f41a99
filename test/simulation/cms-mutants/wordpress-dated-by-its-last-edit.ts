import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A post that WordPress publishes at its date, or deletes, is dated by its last edit.',
  file: 'shared/cms/sources/wordpress.ts',
  search: `  const latest = Math.max(Date.parse(modified), Date.parse(date ?? modified));
  return new Date(isStatusChange ? Math.floor(sent / 1000) * 1000 : `,
  replace: `  const latest = date === undefined || isStatusChange === undefined ? 0 : Date.parse(modified);
  return new Date(`,
};
