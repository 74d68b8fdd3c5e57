/** 0.9123 → `91.2 %`; what is not known → `–`. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(share * 100).toFixed(1)} %`;
}

export function decimal(value: number | null, digits = 3): string {
  return value === null ? '–' : value.toFixed(digits);
}

/** 1234567 → `1,234,567` */
export function whole(count: number): string {
  return count.toLocaleString('en-US');
}

export function bytes(size: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, size)) / 3));
  return `${(size / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]!}`;
}

export function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  if (seconds < 0.001) return `${(seconds * 1e6).toFixed(0)} µs`;
  if (seconds < 1) return `${(seconds * 1000).toFixed(seconds < 0.01 ? 1 : 0)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds % 60)} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `train_loss` → `train loss` */
export function words(name: string): string {
  return name.replaceAll('_', ' ');
}

export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
