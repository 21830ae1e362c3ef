import { redirect } from '@sveltejs/kit'

/** Services is the front page. */
export function load({ url }: { url: URL }): never {
  redirect(307, `/services${url.search}`)
}
