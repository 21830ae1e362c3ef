import { defineSettings, type Settings, setting } from '@oriel/core'

const second = 1000
const mebibyte = 2 ** 20

/** Everything a query may use, and how the API listens. */
export const querySettings = defineSettings('query', {
  host: setting.string({
    default: '127.0.0.1',
    doc: 'Address the API and the web interface listen on. Beyond loopback only with API keys.',
  }),
  port: setting.integer({ default: 4400, min: 0, max: 65535, doc: 'Port of the API; 0 takes a free one.' }),
  allowedHosts: setting.stringList({
    default: [],
    doc: 'Host names accepted in the Host header beside localhost and the address listened on.',
  }),
  allowedOrigins: setting.stringList({
    default: [],
    doc: 'Origins accepted from browsers beside the host itself, such as https://oriel.example.',
  }),
  authentication: setting.enumeration({
    values: ['auto', 'required'],
    default: 'auto',
    doc: 'auto: on loopback every request without a key is the default tenant with all scopes; required: always a key.',
  }),
  sessionTtlMs: setting.durationMs({
    default: 12 * 3600 * second,
    min: 60 * second,
    max: 30 * 86_400 * second,
    doc: 'How long a browser session lasts.',
  }),
  timeMax: setting.durationMs({
    default: 20 * second,
    min: 100,
    max: 600 * second,
    doc: 'Longest time one query may run.',
  }),
  memoryMax: setting.bytes({
    default: 1536 * mebibyte,
    min: mebibyte,
    max: 2 ** 40,
    doc: 'Most memory one query may use.',
  }),
  readRowsMax: setting.integer({
    default: 2_000_000_000,
    min: 1,
    max: 1e15,
    unit: 'rows',
    doc: 'Most rows one query may read.',
  }),
  resultRowsMax: setting.integer({
    default: 200_000,
    min: 1,
    max: 10_000_000,
    unit: 'rows',
    doc: 'Most rows one query may return, metric points included.',
  }),
  rangeMax: setting.durationMs({
    default: 31 * 86_400 * second,
    min: 60 * second,
    max: 400 * 86_400 * second,
    doc: 'Longest time range of one query.',
  }),
  pageMax: setting.integer({
    default: 1000,
    min: 1,
    max: 10_000,
    unit: 'rows',
    doc: 'Most events on one page.',
  }),
  groupsMax: setting.integer({
    default: 100,
    min: 1,
    max: 1000,
    unit: 'groups',
    doc: 'Most groups of one aggregate.',
  }),
  stepsMax: setting.integer({
    default: 1500,
    min: 1,
    max: 20_000,
    unit: 'steps',
    doc: 'Most steps of one time series.',
  }),
  traceSpansMax: setting.integer({
    default: 10_000,
    min: 1,
    max: 100_000,
    unit: 'spans',
    doc: 'Most spans of a trace in one answer; the rest follows with `after`.',
  }),
  traceLogsMax: setting.integer({
    default: 1000,
    min: 0,
    max: 10_000,
    unit: 'rows',
    doc: 'Most log records and events shown with a trace.',
  }),
  bodyBytesMax: setting.bytes({
    default: mebibyte,
    min: 1024,
    max: 64 * mebibyte,
    doc: 'Largest request body of the API.',
  }),
  sqlRowsMax: setting.integer({
    default: 10_000,
    min: 1,
    max: 1_000_000,
    unit: 'rows',
    doc: 'Most rows of expert SQL.',
  }),
})

export type QuerySettings = Settings<typeof querySettings>
