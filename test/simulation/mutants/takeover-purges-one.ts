import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'The pages of the previous owners of a path are not purged.',
  file: 'functions/project/project.ts',
  search: 'tags.push(articleTag(after.pathTakenFrom));',
  replace: ';',
};
