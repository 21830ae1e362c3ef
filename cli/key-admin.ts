import type { Logger } from '@oriel/core'
import type { KeyAdmin, KeyInfo, KeyVerifier } from '@oriel/query'
import type { ApiKey, ApiKeys } from '@oriel/storage'

/** API keys as the admin API wants them; who created or revoked one goes to the log. */
export function keyAdmin(keys: ApiKeys, logger: Logger): KeyAdmin {
  return {
    async create({ name, tenant, scopes, actor }) {
      const { key, secret } = await keys.create({ name, tenant, scopes })
      logger.info('API key created', { key: key.id, name, tenant, scopes, actor })
      return { ...describe(key), secret }
    },
    list: async () => (await keys.list()).map(describe),
    async revoke(keyId, actor) {
      const revoked = await keys.revoke(keyId)
      if (revoked) logger.info('API key revoked', { key: keyId, actor })
      return revoked
    },
  }
}

function describe({ id, name, tenant, scopes, createdAtMs, revokedAtMs }: ApiKey): KeyInfo {
  return { keyId: id, name, tenant, scopes, createdAtMs, revokedAtMs }
}

/** API keys as both listeners ask for them. */
export function keyVerifier(keys: ApiKeys): KeyVerifier {
  return {
    async verify(secret) {
      const key = await keys.verify(secret)
      return key === undefined ? undefined : { keyId: key.id, tenant: key.tenant, scopes: key.scopes }
    },
  }
}
