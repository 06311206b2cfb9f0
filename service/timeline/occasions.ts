import { _ } from '../i18n/i18n.ts';

/** Changes of packages that are no further apart are one occasion: 10 minutes in microseconds. */
const occasionGap = 600_000_000;

/** Groups changes, newest first, into the times at which somebody or something installed software. */
export function occasionsOf<T extends { time: number }>(changes: readonly T[]): T[][] {
    const groups: T[][] = [];
    for (const change of changes) {
        const group = groups.at(-1);
        const latest = group?.at(-1);
        if (group !== undefined && latest !== undefined && latest.time - change.time <= occasionGap) group.push(change);
        else groups.push([change]);
    }
    return groups;
}

/**
 * What was done to packages on one occasion: "bash, curl installed; vim removed".
 *
 * @param list says several names
 */
export function describePackages(
    occasion: readonly { action: string; name: string }[],
    list: (names: readonly string[]) => string,
): string {
    const actions = {
        installed: _('installed'),
        upgraded: _('upgraded'),
        removed: _('removed'),
        changed: _('installed or upgraded'),
    };
    const parts = Object.entries(actions).flatMap(([done, action]) => {
        const names = new Set(occasion.filter(change => change.action === done).map(({ name }) => name));
        return names.size === 0 ? [] : [_('{packages} {action}', { action, packages: list([...names]) })];
    });
    return parts.join('; ');
}
