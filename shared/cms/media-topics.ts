/**
 * The top level of IPTC's Media Topics (CC BY 4.0, cv.iptc.org/newscodes/mediatopic), for items that name topics only
 * by code.
 */
const names: Readonly<Record<string, string>> = {
  '01000000': 'arts, culture, entertainment and media',
  '02000000': 'crime, law and justice',
  '03000000': 'disaster, accident and emergency incident',
  '04000000': 'economy, business and finance',
  '05000000': 'education',
  '06000000': 'environment',
  '07000000': 'health',
  '08000000': 'human interest',
  '09000000': 'labour',
  '10000000': 'lifestyle and leisure',
  '11000000': 'politics and government',
  '12000000': 'religion',
  '13000000': 'science and technology',
  '14000000': 'society',
  '15000000': 'sport',
  '16000000': 'conflict, war and peace',
  '17000000': 'weather',
};

/** Returns the name of a Media Topic by its code (`04000000`, `medtop:04000000` or its uri). */
export function mediaTopic(code: string | undefined): string | undefined {
  const digits = /(?:^|medtop:|mediatopic\/)(\d{8})$/.exec(code ?? '')?.[1] ?? '';
  return Object.hasOwn(names, digits) ? names[digits] : undefined;
}
