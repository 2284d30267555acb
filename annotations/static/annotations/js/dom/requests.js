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
      headers: { Accept: "application/json", ...headersOf(options) },
      signal: AbortSignal.timeout(30_000),
    })
    if (response.redirected) return { status: 401, body: null }
    return { status: response.status, body: await response.json().catch(() => null) }
  } catch {
    return { status: 0, body: null }
  }
}

function headersOf({ method }) {
  if (method !== "POST") return {}
  return { "Content-Type": "application/json", "X-CSRFToken": csrfToken() }
}

/** Read at each request: signing in again, in another tab, changes it. */
function csrfToken() {
  const found = /(?:^|;\s*)(?:__Host-csrf|csrftoken)=([^;]*)/.exec(document.cookie)
  return found ? decodeURIComponent(found[1]) : ""
}
