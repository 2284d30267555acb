import { request } from "./requests.js"

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
    lead: (during) => (navigator.locks ? navigator.locks.request(`kutip ${scope}`, during) : during()),
    channel: new BroadcastChannel(`kutip ${scope}`),
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
