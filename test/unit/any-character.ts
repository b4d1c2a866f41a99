import fc from 'fast-check';

/** Any code point but half a surrogate pair. fast-check's own `binary` says the same, and builds a map of a million characters first, each time. */
export const anyCharacter = fc
  .oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 0x10ffff }) }, fc.integer({ min: 0, max: 0x17f }))
  .map((point) => String.fromCodePoint(point >= 0xd800 && point <= 0xdfff ? 0xfffd : point));
