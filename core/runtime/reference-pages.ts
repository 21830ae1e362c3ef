import { environmentName, type SettingsGroup } from './config.ts'
import { errorCatalogue } from './error-catalogue.ts'
import { formatBytes, formatDurationMs, type Setting } from './setting.ts'

/** docs/config.md, from the declarations. */
export function renderConfigReference(groups: readonly SettingsGroup[]): string {
  const sections = groups.map(({ group, settings }) => {
    const rows = Object.entries(settings).map(([name, declaration]) => {
      const cells = [
        `\`${group}.${name}\``,
        `\`${environmentName(group, name)}\``,
        allowedText(declaration),
        `\`${valueText(declaration, declaration.default)}\``,
        declaration.doc,
      ]
      return `| ${cells.map(escapeCell).join(' | ')} |`
    })
    const head = [
      '| setting | environment | allowed | default | meaning |',
      '| --- | --- | --- | --- | --- |',
    ]
    return [`## ${group}`, '', ...head, ...rows, ''].join('\n')
  })
  const intro =
    'Generated from the declarations in the code. A setting is given on the command line, in the environment, or in the\n' +
    'YAML file under its group; the first of these wins. Unknown names are refused.\n'
  return ['# Settings', '', intro, ...sections].join('\n')
}

/** docs/errors.md, from the catalogue. */
export function renderErrorReference(): string {
  const rows = Object.entries(errorCatalogue).map(
    ([code, { http, grpc, advice }]) => `| \`${code}\` | ${http} | ${grpc} | ${escapeCell(advice)} |`,
  )
  const intro = 'Generated from the catalogue in the code. The gRPC numbers are those of google.rpc.Code.\n'
  const head = ['| code | HTTP | gRPC | what to do |', '| --- | --- | --- | --- |']
  return ['# Errors', '', intro, ...head, ...rows, ''].join('\n')
}

function allowedText(declaration: Setting<unknown>): string {
  const { kind, values, min, max } = declaration
  if (values !== undefined) return values.map((value) => `\`${value}\``).join(', ')
  if (min === undefined || max === undefined) return kind === 'stringList' ? 'list of texts' : kind
  const unit = kind === 'integer' && declaration.unit !== undefined ? ` ${declaration.unit}` : ''
  return `${valueText(declaration, min)} to ${valueText(declaration, max)}${unit}`
}

function valueText(declaration: Setting<unknown>, value: unknown): string {
  if (declaration.kind === 'bytes' && typeof value === 'number') return formatBytes(value)
  if (declaration.kind === 'durationMs' && typeof value === 'number') return formatDurationMs(value)
  if (declaration.secret) return value === '' ? '(none)' : '(secret)'
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.join(', ')
  return value === '' ? '(none)' : String(value)
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}
