/** Versions of the steps that a result depends on, by their names. */
export type StepVersions = Readonly<Record<string, number>>;

/**
 * Whether what was stored under some versions can be used by code of other ones. During an upgrade
 * workers of both run side by side: the newer one makes older results anew, the older one leaves newer
 * results alone.
 * @returns `newer` when any step was newer than ours, else `older` when any was older or is unknown
 */
export function compareVersions(
  stored: StepVersions | null,
  ours: StepVersions,
): 'same' | 'older' | 'newer' {
  const steps = Object.entries(ours);
  if (steps.some(([step, version]) => (stored?.[step] ?? 0) > version)) return 'newer';
  if (steps.some(([step, version]) => (stored?.[step] ?? 0) < version)) return 'older';
  return 'same';
}
