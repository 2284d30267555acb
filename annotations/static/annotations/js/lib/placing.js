/**
 * Where something of a size stands beside selected words: above them, where there is room, else
 * below. By touch below and further off, since the system shows its menu above and its handles
 * below; and at an edge of the window rather than over the words.
 * @param {{top: number, bottom: number, left: number}} words
 * @param {{width: number, height: number}} size
 * @param {{top: number, right: number, bottom: number}} room all in pixels of the window
 * @param {boolean} byTouch
 * @returns {{left: number, top: number}}
 */
export function placeBeside(words, size, room, byTouch) {
  const left = Math.max(8, Math.min(room.right - size.width, words.left))
  return { left, top: byTouch ? belowHandles(words, size, room) : near(words, size, room) }
}

const GAP = 10
const HANDLES = 44

function near({ top, bottom }, { height }, room) {
  const above = top - height - GAP
  return above >= room.top ? above : within(bottom + GAP, height, room)
}

function belowHandles({ top, bottom }, { height }, room) {
  const lowest = room.bottom - height
  if (bottom + HANDLES <= lowest) return within(bottom + HANDLES, height, room)
  return bottom <= lowest || top - height < room.top ? lowest : room.top
}

const within = (top, height, room) => Math.max(room.top, Math.min(top, room.bottom - height))
