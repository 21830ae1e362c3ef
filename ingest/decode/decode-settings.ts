import { defineSettings, type Settings, setting } from '@oriel/core'
import { defaultDecodeLimits } from './decode-context.ts'

const { valueBytesMax, attributesMax, spanEventsMax, futureMs } = defaultDecodeLimits

/** From wire bytes to blocks. */
export const decodeSettings = defineSettings('decode', {
  workers: setting.integer({
    default: 0,
    min: 0,
    max: 64,
    doc: 'Decode threads; 0: one less than the cores, at least one.',
  }),
  lingerMs: setting.durationMs({
    default: 200,
    min: 0,
    max: 5000,
    doc: 'How long requests are collected into one durable append; a bound of what a sender waits for its answer.',
  }),
  valueBytesMax: setting.bytes({
    default: valueBytesMax,
    min: 64,
    max: 16 * 2 ** 20,
    doc: 'Longer text values are cut, marked, counted and warned about.',
  }),
  attributesMax: setting.integer({
    default: attributesMax,
    min: 1,
    max: 10_000,
    unit: 'attributes',
    doc: 'Attributes of one record; further ones are dropped, counted in dropped_attributes and warned about. A data point with more is rejected.',
  }),
  spanEventsMax: setting.integer({
    default: spanEventsMax,
    min: 0,
    max: 100_000,
    unit: 'items',
    doc: 'Span events and links of one span, exemplars of one data point; further ones are dropped and counted.',
  }),
  futureMs: setting.durationMs({
    default: futureMs,
    min: 0,
    max: 86_400_000,
    doc: 'Events further in the future than this are rejected with the reason.',
  }),
})

export type DecodeSettings = Settings<typeof decodeSettings>
