import { run as decode } from './decode.ts'
import { run as ingest } from './ingest.ts'

const seconds = 5

/** A few seconds of the two that matter most: that they run, and that nothing is lost. */
export async function run(): Promise<Record<string, number>> {
  const { spans_per_s_core = 0 } = await decode({ seconds: 2 })
  const figures = await ingest({ seconds })
  if (figures.lost !== 0 || figures.duplicated !== 0) {
    throw new Error(`the ingest smoke lost ${figures.lost} and doubled ${figures.duplicated} spans`)
  }
  return { spans_per_s_core, ...figures }
}
