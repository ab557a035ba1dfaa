/** Names that programs have for things, as people write them. */

/** `averageSpeedOfAnswer` and `human_hangup`: Average speed of answer, Human hangup. */
export function inWords(name: string): string {
  const words = name
    .replaceAll('_', ' ')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
