/**
 * Operations that the server has not confirmed yet, in the order they were made. They outlive the
 * page, the browser and a crash, and belong to one user's work on one article (`scope`).
 * @typedef {{
 *   durable: boolean,
 *   append(operations: object[]): Promise<void>,
 *   all(): Promise<{id: string}[]>,
 *   remove(ids: string[]): Promise<void>,
 * }} Outbox
 */

const STORE = "operations"

/**
 * The outbox of `scope` in this browser's database; one that lasts as long as the page where the
 * browser forbids storage. Usable at once: it opens behind the first call.
 * @param {string} scope
 * @returns {Outbox}
 */
export function openOutbox(scope) {
  let durable = true
  const opening = opened(scope).catch(() => {
    durable = false
    return memoryOutbox()
  })
  return {
    get durable() {
      return durable
    },
    append: async (operations) => (await opening).append(operations),
    all: async () => (await opening).all(),
    remove: async (ids) => (await opening).remove(ids),
  }
}

/** @returns {Outbox} */
export function memoryOutbox() {
  const kept = new Map()
  return {
    durable: false,
    append: async (operations) => operations.forEach((one) => kept.set(one.id, one)),
    all: async () => [...kept.values()],
    remove: async (ids) => ids.forEach((id) => kept.delete(id)),
  }
}

function databaseOutbox(database, scope) {
  const store = (mode) => database.transaction(STORE, mode).objectStore(STORE)
  return {
    durable: true,
    async append(operations) {
      const rows = store("readwrite")
      for (const operation of operations) rows.add({ scope, id: operation.id, operation })
      await finished(rows.transaction)
    },
    async all() {
      const rows = await settled(store("readonly").index("scope").getAll(scope))
      return rows.map(({ operation }) => operation)
    },
    async remove(ids) {
      const rows = store("readwrite")
      for (const id of ids) deleteAll(rows, IDBKeyRange.only([scope, id]))
      await finished(rows.transaction)
    },
  }
}

function deleteAll(rows, range) {
  rows.index("id").openKeyCursor(range).onsuccess = ({ target }) => {
    if (!target.result) return
    rows.delete(target.result.primaryKey)
    target.result.continue()
  }
}

async function opened(scope) {
  const request = indexedDB.open("kutip", 1)
  request.onupgradeneeded = () => {
    const rows = request.result.createObjectStore(STORE, { autoIncrement: true })
    rows.createIndex("scope", "scope")
    rows.createIndex("id", ["scope", "id"])
  }
  return databaseOutbox(await settled(request), scope)
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onerror = () => reject(transaction.error)
    transaction.onabort = () => reject(transaction.error)
  })
}
