/** A moment as people write it, in their own time. @param {string} at ISO 8601 @param {string} language */
export function moment(at, language) {
  const form = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" })
  return form.format(new Date(at))
}
