import { _ } from '../../i18n/i18n.ts';
import type { Change } from '../../model/timelineEntry.ts';
import { filesOf } from '../../machine/machine.ts';
import { isSlowedDown, isTooHot, readThrottling, readZones } from '../../machine/hardware/throttling.ts';
import { SourceUnavailable } from '../definition.ts';
import type { SourceDefinition } from '../definition.ts';
import { lookRegularly } from './lookRegularly.ts';
import { Telling } from './telling.ts';

/** Of the time between two looks: a processor that is hot for a moment at full speed is as it should be. */
const throttledShare = 0.1;
/** Looks in a row at which a part was so warm that it is slowed down. */
const warmLooks = 2;

/** Heat that slows the computer down. */
export const heat: SourceDefinition = {
    name: 'heat',
    async run(surroundings, outlet, signal) {
        const machine = filesOf(surroundings.root);
        const counted = await readThrottling(machine);
        if (counted === null && (await readZones(machine)).length === 0)
            throw new SourceUnavailable(_('Nothing here says how warm the computer is'));
        let throttled = counted ?? 0;
        let warm = 0;
        const telling = await Telling.open('heat', surroundings, outlet);
        await lookRegularly(surroundings, outlet, signal, async elapsed => {
            const before = throttled;
            throttled = (await readThrottling(machine)) ?? 0;
            const zones = await readZones(machine);
            const hot = zones.find(isTooHot);
            const warmed = zones.find(isSlowedDown);
            warm = warmed === undefined ? 0 : warm + 1;
            const share = Math.max(0, throttled - before) / elapsed;
            const now = new Set<string>();
            const tell = (event: string, summary: string, detail: string) => {
                now.add(event);
                // What is counted from look to look is as true after a cool moment, in which the incident closes.
                if (event === 'throttled' && telling.state(event) === 'over') return;
                telling.tell(event, change(event, summary, detail));
            };
            if (hot !== undefined)
                tell('too-hot', _('The computer is so hot that it is about to switch itself off'), degrees(hot));
            if (share >= throttledShare) {
                const percent = Math.min(100, Math.round(share * 100));
                const detail = _('It was slowed down for {percent} % of the time since the last look', { percent });
                tell('throttled', _('The processor slows down because it is hot'), detail);
            } else if (warmed !== undefined && (warm >= warmLooks || telling.state('warm') === 'told')) {
                tell('warm', _('The computer slows down to keep cool'), degrees(warmed));
            }
            telling.keepOnly(now);
        });
    },
};

function degrees({ name, celsius }: { name: string; celsius: number }): string {
    return _('{name} is at {celsius} °C', { name, celsius: Math.round(celsius) });
}

function change(event: string, summary: string, detail: string): Change {
    return { time: Date.now() * 1000, kind: 'power', event, subject: 'heat', summary, detail, facts: {} };
}
