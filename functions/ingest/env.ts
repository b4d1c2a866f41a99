export interface IngestEnv {
  readonly BUS_NAME: string;
  readonly PARCELS_BUCKET: string;
  /** Names of the secrets, without the source's name at their end. */
  readonly SECRET_PREFIX: string;
  /** How each CMS is set up: JSON by source, see `SourceSettings`. */
  readonly SOURCES: string;
  /** Which source may write which uris: JSON, see `Owners`. */
  readonly OWNERS: string;
}
