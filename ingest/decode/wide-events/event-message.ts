/**
 * The message a wide event becomes between its JSON and its row: ours alone, never on the wire. It stands in an OTLP envelope as
 * the item, so resources, attributes and limits are handled by the readers that spans use.
 */
export const eventTags = {
  time: 9,
  name: 18,
  body: 26,
  attribute: 34,
  durationNs: 41,
  traceId: 50,
  spanId: 58,
  parentId: 66,
  status: 72,
  statusMessage: 82,
  severity: 88,
  severityText: 98,
  weight: 105,
} as const
