import { SecretsManagerSecrets } from '../../shared/aws/secrets-manager-secrets.ts';
import { previewToken } from '../../shared/article/preview-token.ts';
import { secretsIn } from '../../shared/cms/signature.ts';
import type { Connection } from './connection.ts';
import { WrongUse } from './exits.ts';
import { historyOf, versionIn } from './history.ts';

/** A version of a story: `named` by its number in the history or its key, by default the newest one. */
export interface PreviewedVersion {
  readonly uri: string;
  readonly named?: string | undefined;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** Returns the path of a link to the page of a version before it is public. @throws {WrongUse} It has no page. */
export async function previewPathOf(
  { stage, articles, secretsManager }: Pick<Connection, 'stage' | 'articles' | 'secretsManager'>,
  { uri, named, expiresAt }: PreviewedVersion,
): Promise<string> {
  const history = await historyOf(articles, uri);
  const version = named === undefined ? history.versions.at(-1) : versionIn(history, named);
  if (version?.status !== 'usable')
    throw new WrongUse('that version withdrew the story: it has no page. Name another with --version');
  const held = await new SecretsManagerSecrets(secretsManager, `pressrun-${stage}-preview`, {
    now: Date.now,
  }).secretOf('');
  const [secret] = held === undefined ? [] : secretsIn(held).webhook;
  if (secret === undefined) throw new WrongUse(`there is no secret pressrun-${stage}-preview: is the stage deployed?`);
  const token = previewToken(
    { uri, expiresAt, ...(named !== undefined && { versionCreated: version.versionCreated }) },
    secret,
  );
  return `/preview/${token}`;
}
