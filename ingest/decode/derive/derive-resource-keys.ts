import { signals } from '@oriel/core'
import { attributeTypes, catalogueScopes } from '../../encode/enum-types.ts'
import type { TableSet } from '../../encode/tables/table-set.ts'

/**
 * attribute_catalogue rows of the keys of the block's resources. `rows` counts resources, once per block, not events;
 * the signal is always span, because one resource serves all signals. Values are to be had from the resources table.
 */
export function deriveResourceKeys({ resources, attributeCatalogue }: TableSet, nowMs: number): void {
  const seconds = Math.floor(nowMs / 1000)
  const { keys, str, num, bool } = resources.attributes
  for (const [map, type] of [
    [str, attributeTypes.string],
    [num, attributeTypes.number],
    [bool, attributeTypes.bool],
  ] as const) {
    let entry = 0
    for (let row = 0; row < resources.rows; row++) {
      const end = map.offsets.cells[row * 2] as number
      for (; entry < end; entry++) {
        attributeCatalogue.tenant.pushText(
          resources.tenant.dictionary.text(resources.tenant.ids.cells[row] as number),
        )
        attributeCatalogue.hour.push(seconds - (seconds % 3600))
        attributeCatalogue.signal.push(signals.span)
        attributeCatalogue.scope.push(catalogueScopes.resource)
        const service = resources.service.ids.cells[row] as number
        attributeCatalogue.service.pushText(resources.service.dictionary.text(service))
        const keyId = map.keys.ids.cells[entry] as number
        attributeCatalogue.key.push(keys.bytes.bytes, keys.start(keyId), keys.end(keyId))
        attributeCatalogue.type.push(type)
        attributeCatalogue.value.pushEmpty()
        attributeCatalogue.rowCount.push(1, 0)
        attributeCatalogue.lastSeen.push(seconds)
      }
    }
  }
}
