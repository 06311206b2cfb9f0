import { _ } from '../../../i18n/i18n.ts';
import type { Change } from '../../../model/timelineEntry.ts';
import { listControlGroups, readGroupStalls } from '../../../machine/processes/controlGroups.ts';
import type { Machine } from '../../../machine/machine.ts';
import type { Outlet, Surroundings } from '../../../sources/definition.ts';
import { ReportOnce } from '../../../sources/reportOnce.ts';
import { findMost, Waiting } from './waiting.ts';
import type { Measured } from './waiting.ts';

/**
 * Checks at each call whether everything waits for disks.
 *
 * @param uid the user whose units are watched besides the system's
 */
export async function followDisks(
    machine: Machine,
    uid: number,
    surroundings: Surroundings,
    outlet: Outlet,
): Promise<() => Promise<void>> {
    const disks = new Waiting(await ReportOnce.open('pressure', surroundings, outlet, 'io'), 'io');
    return async () => {
        if (!(await disks.isDue(machine))) return;
        const groups = await listControlGroups(machine, uid);
        const slowest = await findMost(
            groups,
            async path => (await readGroupStalls(machine, path, 'io'))?.some.fiveMinutes ?? null,
        );
        disks.report(changeOfDisks(disks.share, slowest));
    };
}

/** @param slowest what waits the most; null if units do not report it */
function changeOfDisks(waits: number, slowest: Measured | null): Change {
    return {
        time: Date.now() * 1000,
        kind: 'program',
        event: 'disk-busy',
        subject: slowest?.name ?? 'disk',
        summary:
            slowest === null
                ? _('Programs spend nearly all of their time waiting for a disk')
                : _('{name} spends nearly all of its time waiting for a disk', { name: slowest.name }),
        detail: _('Everything waited for disks for {percent} % of the last five minutes', {
            percent: Math.round(waits * 100),
        }),
        facts: {},
    };
}
