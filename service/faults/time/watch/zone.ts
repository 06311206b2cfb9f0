import { _ } from '../../../i18n/i18n.ts';
import { hasZones, readTimeZone, successorOf } from '../../../machine/time/timeZone.ts';
import { filesOf } from '../../../machine/machine.ts';
import { SourceUnavailable } from '../../../sources/definition.ts';
import type { SourceDefinition } from '../../../sources/definition.ts';
import { poll } from '../../../sources/poll.ts';
import { ReportOnce } from '../../../sources/reportOnce.ts';
import type { WrittenFacts } from '../facts.ts';

/**
 * A configured time zone that does not exist: mostly one with an old name, which distributions have moved to a package of its
 * own (Debian's tzdata-legacy). glibc then silently uses UTC.
 */
export const zone: SourceDefinition = {
    name: 'zone',
    async run(surroundings, outlet, signal) {
        const machine = filesOf(surroundings.root);
        if (!(await hasZones(machine))) throw new SourceUnavailable(_('There are no time zones on this computer'));
        const reports = await ReportOnce.open('zone', surroundings, outlet);
        await poll(surroundings, outlet, signal, async () => {
            const set = await readTimeZone(machine);
            if (set === null || set.isThere || !(await hasZones(machine))) {
                reports.keepOnly(new Set());
                return;
            }
            reports.keepOnly(new Set([set.zone]));
            if (reports.state(set.zone) === 'reported') return;
            const successor = await successorOf(machine, set.zone);
            reports.report(set.zone, {
                time: Date.now() * 1000,
                kind: 'time',
                event: 'zone-missing',
                subject: set.zone,
                summary: _('The configured time zone {zone} does not exist', { zone: set.zone }),
                detail: '',
                facts: { zone: set.zone, ...(successor !== null && { successor }) } satisfies WrittenFacts,
            });
        });
    },
};
