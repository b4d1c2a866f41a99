import * as v from 'valibot';

/** The categories of Lighthouse that count. */
export const wanted = ['performance', 'accessibility', 'best-practices', 'seo'] as const;

/** From 0 to 1, by category. */
export type Scores = Readonly<Record<(typeof wanted)[number], number>>;

const category = v.pipe(
  v.object({ score: v.number() }),
  v.transform(({ score }) => score),
);
const report = v.object({ categories: v.object(v.entriesFromList(wanted, category)) });

/** Returns the scores in a report. @throws {ValiError} the text is no whole report. */
export function scoresIn(json: string): Scores {
  return v.parse(report, JSON.parse(json)).categories;
}

/** Returns the better of two runs: only how busy the machine is differs between them. */
export function bestOf(one: Scores | undefined, other: Scores): Scores {
  return one !== undefined && lowest(one) >= lowest(other) ? one : other;
}

export function lowest(scores: Scores): number {
  return Math.min(...Object.values(scores));
}
