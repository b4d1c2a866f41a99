/**
 * The kinds of rows, as the attribute `type` names them. Feed entries are written without it, because a card may fill
 * their kilobyte.
 */
export type RowKind =
  | 'version'
  | 'front-version'
  | 'hold'
  | 'path-use'
  | 'head'
  | 'front-head'
  | 'pulled-pictures'
  | 'audio'
  | 'path'
  | 'due'
  | 'job'
  | 'purges'
  | 'sweep'
  | 'trace'
  | 'front-trace'
  | 'rejection'
  | 'change'
  | 'entry';

/**
 * Returns the kind of a row, by its key if the row has no `type`: rows of earlier releases have none. A kind of a newer
 * release is returned as it is, or is undefined.
 */
export function rowKind(row: Readonly<Record<string, unknown>>): RowKind | undefined {
  const { type } = row;
  return typeof type === 'string' ? (type as RowKind) : kindByKey(row);
}

const kindsByPartition: ReadonlyMap<string, RowKind> = new Map([
  ['path#', 'path'],
  ['due#', 'due'],
  ['pass#', 'job'],
  ['purges#', 'purges'],
  ['sweep#', 'sweep'],
  ['refused#', 'rejection'],
  ['changes#', 'change'],
]);

function kindByKey(row: Readonly<Record<string, unknown>>): RowKind | undefined {
  const partition = String(row['articleId'] ?? row['feedId']);
  const prefix = partition.slice(0, partition.indexOf('#') + 1);
  const kind = kindsByPartition.get(prefix);
  if (kind !== undefined) return kind;
  if (prefix === 'trail#') return partition === 'trail#fronts' ? 'front-trace' : 'trace';
  if (row['articleId'] === undefined) return 'entry';
  const sk = String(row['sk']);
  if (sk.startsWith('v#')) return prefix === 'front#' ? 'front-version' : 'version';
  if (sk.startsWith('h#')) return 'hold';
  if (sk.startsWith('vp#')) return 'path-use';
  if (sk === 'audio') return 'audio';
  if (sk !== 'head') return undefined;
  if (partition === 'pictures') return 'pulled-pictures';
  return prefix === 'front#' ? 'front-head' : 'head';
}
