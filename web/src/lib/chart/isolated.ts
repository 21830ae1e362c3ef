/** Where a value stands alone between two gaps: a line would show nothing there, so it is drawn as a dot. */
export function isolatedAt(values: readonly (number | null)[]): readonly number[] {
  return values.flatMap((value, at) =>
    value !== null && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null ? [at] : [],
  )
}
