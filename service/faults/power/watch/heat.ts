import { _ } from '../../../i18n/i18n.ts';
import type { Change } from '../../../model/timelineEntry.ts';
import { filesOf } from '../../../machine/machine.ts';
import { isSlowedDown, isTooHot, readThrottling, readZones } from '../../../machine/hardware/throttling.ts';
import { SourceUnavailable } from '../../../sources/definition.ts';
import type { SourceDefinition } from '../../../sources/definition.ts';
import { poll } from '../../../sources/poll.ts';
import { ReportOnce } from '../../../sources/reportOnce.ts';

/** A share of the time between two polls: a processor may be hot for a moment at full speed. */
const throttledShare = 0.1;
/** How many polls in a row a part must have been so warm that it is slowed down. */
const warmPolls = 2;

/** Heat that slows the computer down. */
export const heat: SourceDefinition = {
    name: 'heat',
    async run(surroundings, outlet, signal) {
        const machine = filesOf(surroundings.root);
        const counted = await readThrottling(machine);
        if (counted === null && (await readZones(machine)).length === 0)
            throw new SourceUnavailable(_('No sensor shows how warm the computer is'));
        let throttled = counted ?? 0;
        let warm = 0;
        const reports = await ReportOnce.open('heat', surroundings, outlet);
        await poll(surroundings, outlet, signal, async elapsed => {
            const before = throttled;
            throttled = (await readThrottling(machine)) ?? 0;
            const zones = await readZones(machine);
            const hot = zones.find(isTooHot);
            const warmed = zones.find(isSlowedDown);
            warm = warmed === undefined ? 0 : warm + 1;
            const share = Math.max(0, throttled - before) / elapsed;
            const now = new Set<string>();
            const emit = (event: string, summary: string, detail: string) => {
                now.add(event);
                // Counts between polls remain true after a cool moment, in which the incident closes.
                if (event === 'throttled' && reports.state(event) === 'over') return;
                reports.report(event, change(event, summary, detail));
            };
            if (hot !== undefined)
                emit('too-hot', _('The computer is so hot that it is about to turn itself off'), degrees(hot));
            if (share >= throttledShare) {
                const percent = Math.min(100, Math.round(share * 100));
                const detail = _('It was slowed down for {percent} % of the time since the last check', { percent });
                emit('throttled', _('The processor slows down because it is hot'), detail);
            } else if (warmed !== undefined && (warm >= warmPolls || reports.state('warm') === 'reported')) {
                emit('warm', _('The computer is slowing down to stay cool'), degrees(warmed));
            }
            reports.keepOnly(now);
        });
    },
};

function degrees({ name, celsius }: { name: string; celsius: number }): string {
    return _('{name} is at {celsius} °C', { name, celsius: Math.round(celsius) });
}

function change(event: string, summary: string, detail: string): Change {
    return { time: Date.now() * 1000, kind: 'power', event, subject: 'heat', summary, detail, facts: {} };
}
