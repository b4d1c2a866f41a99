import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The zone of the newsroom whose theme stands in cdk.json, else of Pressrun's own. Free of CDK, which takes its time to load. */
export function newsroomZone(): string {
  const read = (file: string | URL): unknown => JSON.parse(readFileSync(file, 'utf8'));
  const { context } = read(new URL('../../cdk.json', import.meta.url)) as { context?: { theme?: string } };
  const { timeZone } = read(context?.theme ?? fileURLToPath(new URL('../theme.json', import.meta.url))) as { timeZone: string };
  return timeZone;
}
