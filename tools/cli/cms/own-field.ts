import type { SourceSettings } from '../../../shared/cms/source-settings.ts';
import { WrongUse } from '../exits.ts';

/** Returns the CMS's name of a field. @throws {WrongUse} The field is one of a related entry, which a test does not write. */
export function ownField({ fields }: Pick<SourceSettings, 'fields'>, setting: string): string {
  const name = fields[setting] ?? setting;
  if (!/^\w+$/.test(name))
    throw new WrongUse(`--cms writes no related entries, and ${setting} is ${name} in context sources`);
  return name;
}
