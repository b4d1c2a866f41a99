import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'A text that is reverted is not published, because an earlier version has it already.',
  file: 'functions/sweep/changed-stories.ts',
  search: `      if (!isWaiting) return { newest, isErased, isHidden: version.status !== 'usable' };`,
  replace: `      if (!isWaiting && version.status === 'usable') newest = version;\n      if (!isWaiting && version.status !== 'usable') return { newest, isErased, isHidden: newest !== version };`,
};
