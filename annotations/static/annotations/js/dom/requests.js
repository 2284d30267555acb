/**
 * A request to our own server; status 0 when no answer came. A page where JSON was expected is
 * a body of null; being sent elsewhere (to sign in) counts as signed out.
 * @param {string} url
 * @param {RequestInit} [options]
 * @returns {Promise<{status: number, body: any}>}
 */
export async function request(url, options = {}) {
  try {
    const response = await fetch(url, {
      ...options,
      headers: { Accept: "application/json", ...headersOf(options), ...options.headers },
      signal: AbortSignal.timeout(30_000),
    })
    if (response.redirected) return { status: 401, body: null }
    return { status: response.status, body: await response.json().catch(() => null) }
  } catch {
    return { status: 0, body: null }
  }
}

/** @param {RequestInit} options @returns {Record<string, string>} */
function headersOf({ method }) {
  if (method !== "POST") return {}
  return { "Content-Type": "application/json", "X-CSRFToken": csrfToken() }
}

/** Signing in changes the token; the forms that came with the page carry the old one. */
export function refreshForms() {
  const fields = document.querySelectorAll("input[name='csrfmiddlewaretoken']")
  for (const field of /** @type {NodeListOf<HTMLInputElement>} */ (fields)) field.value = csrfToken()
}

/** Read at each request: signing in again, in another tab, changes it. */
function csrfToken() {
  const found = /(?:^|;\s*)(?:__Host-csrf|csrftoken)=([^;]*)/.exec(document.cookie)
  return found ? decodeURIComponent(found[1]) : ""
}

/**
 * The browser as a Sync needs it: requests, waiting, one leader among the tabs of `scope`.
 * @param {{operations: string, state: string}} urls
 * @param {string} scope
 * @returns {import("../lib/sync.js").World}
 */
export function browserWorld(urls, scope) {
  return {
    post: (body) => request(urls.operations, { method: "POST", body: JSON.stringify(body) }),
    read: () => request(urls.state),
    wait,
    // without locks (plain HTTP from another machine) each tab sends its own: ids keep that harmless
    lead: (during) =>
      navigator.locks ? navigator.locks.request(`kutip ${scope}`, during) : during(),
    channel: /** @type {any} */ (new BroadcastChannel(`kutip ${scope}`)),
  }
}

/** @param {number} milliseconds @param {AbortSignal} signal ends the waiting early */
function wait(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      resolve(undefined)
    })
  })
}
