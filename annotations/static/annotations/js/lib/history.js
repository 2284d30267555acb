/**
 * What can be undone and redone, as the server derives it: groups in effect, newest last, and
 * groups undone, to be redone newest first. A new change ends what could be redone. Of what was
 * done before this page only the newest group is known by name; the server tells the next.
 */
export class History {
  #changes

  /**
   * @param {string[]} done
   * @param {string[]} undone
   * @param {Map<string, import("./layer.js").Change[]>} changes of the groups seen here
   */
  constructor(done = [], undone = [], changes = new Map()) {
    this.done = done
    this.undone = undone
    this.#changes = changes
  }

  copy() {
    return new History([...this.done], [...this.undone], new Map(this.#changes))
  }

  /** The same knowledge of changes, standing where the server says. @param {{undo: string | null, redo: string | null}} at */
  at({ undo, redo }) {
    return new History(undo ? [undo] : [], redo ? [redo] : [], this.#changes)
  }

  /** The changes of a group, oldest first; undefined when they were never seen here. */
  changesOf(group) {
    return this.#changes.get(group)
  }

  record({ op, group, of }, changes) {
    if (op === "undo") this.#turn(this.done, this.undone, of, inverted(changes))
    else if (op === "redo") this.#turn(this.undone, this.done, of, changes)
    else this.#extend(group, changes)
  }

  #turn(from, to, group, changes) {
    const index = from.lastIndexOf(group)
    if (index >= 0) from.splice(index, 1)
    to.push(group)
    if (changes.length) this.#changes.set(group, changes)
  }

  #extend(group, changes) {
    const grows = this.done.at(-1) === group && !this.undone.length
    this.undone.length = 0
    if (!grows) this.done.push(group)
    this.#changes.set(group, grows ? [...(this.#changes.get(group) ?? []), ...changes] : changes)
  }
}

/** The changes that take these changes back, last first. @param {import("./layer.js").Change[]} changes */
export function inverted(changes) {
  return changes
    .map(({ kind, id, before, after }) => ({ kind, id, before: after, after: before }))
    .reverse()
}
