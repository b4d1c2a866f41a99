/** Returns the sums of two records of numbers, field by field. */
export function sumOf<Field extends string>(a: Record<Field, number>, b: Record<Field, number>): Record<Field, number> {
  const fields = Object.keys(a) as Field[];
  return Object.fromEntries(fields.map((field) => [field, a[field] + b[field]])) as Record<Field, number>;
}
