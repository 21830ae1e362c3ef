import { fileURLToPath } from 'node:url'

/** Absolute path of the built interface: `index.html` for every unknown path, `_app/immutable/` may be cached for ever. */
export const webBuildDirectory = fileURLToPath(new URL('./build', import.meta.url))
