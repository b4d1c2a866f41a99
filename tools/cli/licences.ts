import { readFileSync } from 'node:fs';

/** A package of the lock file, as npm notes it there. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly licence: string;
  /** A development dependency: it is never deployed. */
  readonly isForDevelopment: boolean;
  /** Wants to run code while it is installed. */
  readonly hasInstallScript: boolean;
}

interface Lock {
  readonly packages: Readonly<
    Record<
      string,
      {
        readonly version?: string;
        readonly license?: string;
        readonly dev?: boolean;
        readonly hasInstallScript?: boolean;
      }
    >
  >;
}

/** Every installed package, read from this project's lock file. */
export function lockedPackages(lockFile = new URL('../../package-lock.json', import.meta.url)): LockedPackage[] {
  const { packages } = JSON.parse(readFileSync(lockFile, 'utf8')) as Lock;
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, { version = '', license = 'not stated', dev = false, hasInstallScript = false }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
      isForDevelopment: dev,
      hasInstallScript,
    }));
}

/** Lists licences with their packages. Licences of deployed packages come first. */
export function licenceList(packages: readonly LockedPackage[]): string {
  const groups = Map.groupBy(
    packages,
    ({ isForDevelopment, licence }) => `${isForDevelopment ? 'development' : 'deployed'}  ${licence}`,
  );
  return [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([title, held]) =>
        `${title}: ${held.length}\n${[...new Set(held.map(({ name, version }) => `  ${name} ${version}`))].sort().join('\n')}`,
    )
    .join('\n\n');
}

if (process.argv[1] === import.meta.filename) console.log(licenceList(lockedPackages()));
