/**
 * A count with what is counted, in the number that it needs: `counted(1, 'row has', 'rows have')` is
 * `1 row has`. For messages that people read.
 */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
