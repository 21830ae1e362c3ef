import adapter from '@sveltejs/adapter-static'
import { sveltekit } from '@sveltejs/kit/vite'
import { defineConfig } from 'vite'

/** A static single page application: `query` serves build/ and answers every unknown path with index.html. */
export default defineConfig({
  plugins: [
    sveltekit({
      adapter: adapter({ pages: 'build', fallback: 'index.html', precompress: true }),
      paths: { relative: false },
      // The page names the digests of its own start script; everything else inline is refused.
      csp: {
        mode: 'hash',
        directives: { 'script-src': ['self'], 'object-src': ['none'], 'base-uri': ['self'] },
      },
      // A fixed name keeps two builds of one source identical; the browser is told of a new build by the file names.
      version: { name: 'oriel', pollInterval: 0 },
    }),
  ],
  server: { proxy: { '/api': 'http://127.0.0.1:4400' } },
})
