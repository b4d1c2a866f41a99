/** Every property that ninjs 3.1 has, at any depth (IPTC, ninjs-schema_3.1.json). */
const names = `
  address altIds area aspectRatio associations audience audiences bitrate bodies by charCount commissioned confidence
  contactInfo contentCreated contentType copyrightHolder copyrightNotice count country creator dates descriptions
  digitalSourceType duration edNote embargoedUntil encodedRights endDate eventDetails eventStatus events exchange
  exclAudience expectedDuration expectedEndDate expectedStartDate expires firstCreated format frameRate frequency genres
  geoJSON headlines height href id infoSources interval itemCount lang langId language lines linkedRights literal locality
  located name objects on organisations organiser people places plannedCoverage plannedCoverageStatus poi postalCode
  profile pubStatus rangeFrom rangeTo recurrence recurrenceDates recurrenceRules references rel relevance renditions
  representationType rightsInfo role scanType schema significance sizeInBytes slugline standard startDate subjects symbol
  symbolType symbols title transportProtocol trustIndicators type until urgency uri usageTerms value version
  versionCreated videoCodec width wordCount x y
`
  .trim()
  .split(/\s+/);

const byLowerCase = new Map(names.map((name) => [name.toLowerCase(), name]));

/**
 * A ninjs 3.x or 2.x value in the names of 3.1: 2.x writes them all in lower case. Properties that ninjs does not have
 * are dropped; geoJSON has names of its own and is carried as it came.
 */
export function ninjs3(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ninjs3);
  if (typeof value !== 'object' || value === null) return value;
  const renamed: [string, unknown][] = [];
  for (const [given, held] of Object.entries(value)) {
    const name = byLowerCase.get(given.toLowerCase());
    // null says what absence says, and absent fields are left out.
    if (name !== undefined && held !== null) renamed.push([name, name === 'geoJSON' ? held : ninjs3(held)]);
  }
  return Object.fromEntries(renamed);
}
