import { html, type Html } from './html';

/** A share from 0 to 1 as a thin bar; nothing where it is not known. */
export function shareBar(share: number | null, label: string): Html | null {
  if (share === null) return null;
  const length = Math.round(Math.max(0, Math.min(1, share)) * 1000) / 10;
  return html`<svg
    viewBox="0 0 100 8"
    preserveAspectRatio="none"
    style="height:8px"
    role="img"
    aria-label="${label}"
  >
    <rect class="track" width="100" height="8" rx="1.5" />
    <rect class="bar" width="${length}" height="8" rx="1.5" />
  </svg>`;
}
