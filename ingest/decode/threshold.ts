const hexMax = 14

export interface Threshold {
  /** Hex as received; '' when the incoming sampling is unknown. */
  readonly th: string
  /** 2^56 / (2^56 − T): how many spans this one stands for. */
  readonly weight: number
}

const unknown: Threshold = { th: '', weight: 1 }

/** The OpenTelemetry rejection threshold (`ot=th:…`) of a tracestate. One that is not valid counts as absent. */
export function threshold(traceState: string): Threshold {
  const member = /(?:^|,)\s*ot=([^,]*)/.exec(traceState)?.[1]
  const th = member === undefined ? undefined : /(?:^|;)th:([0-9a-f]+)\s*(?:;|$)/.exec(member)?.[1]
  if (th === undefined || th.length > hexMax) return unknown
  const digits = th.padEnd(hexMax, '0')
  const upper = Number.parseInt(digits.slice(0, 7), 16)
  const lower = Number.parseInt(digits.slice(7), 16)
  return { th, weight: 2 ** 56 / ((2 ** 28 - upper) * 2 ** 28 - lower) }
}
