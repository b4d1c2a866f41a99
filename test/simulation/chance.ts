import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** The randomness of a simulation, seeded by a text, so that one actor's draws do not depend on another's. */
export class Chance {
  readonly #name: string;
  readonly #generator: RandomGenerator;

  constructor(name: string) {
    this.#name = name;
    this.#generator = xoroshiro128plus(hashOf(name));
  }

  /** Chance of its own for an actor of this name. */
  of(name: string): Chance {
    return new Chance(`${this.#name}/${name}`);
  }

  /** Both ends included. */
  between(least: number, most: number): number {
    return uniformInt(this.#generator, least, most);
  }

  happens(probability: number): boolean {
    return this.between(0, 999_999) < probability * 1_000_000;
  }

  one<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.between(0, choices.length - 1)] ?? choices[0];
  }
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash | 0;
}
