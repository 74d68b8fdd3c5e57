/** Between which values a score lies with the stated confidence. */
export interface Interval {
  low: number;
  high: number;
}

/** Of all intervals here. */
export const confidenceLevel = 0.95;
/** The standard normal distribution's quantile at 97.5 %. */
const z = 1.959963984540054;

/**
 * Wilson's score interval of a share (Wilson 1927, "Probable Inference, the Law of Succession, and
 * Statistical Inference"): unlike share ± z·error it is honest for few rows and for shares of 0 and 1.
 *
 * @param share 0 to 1
 * @param rows how many the share is of, above 0; need not be whole
 */
export function wilsonInterval(share: number, rows: number): Interval {
  const scale = 1 + (z * z) / rows;
  const center = (share + (z * z) / (2 * rows)) / scale;
  const spread =
    (z / scale) * Math.sqrt((share * (1 - share)) / rows + (z * z) / (4 * rows * rows));
  return {
    low: share === 0 ? 0 : Math.max(0, center - spread),
    high: share === 1 ? 1 : Math.min(1, center + spread),
  };
}
