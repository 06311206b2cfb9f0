import { _ } from '../../i18n/i18n.ts';
import { hasZones, readTimeZone, successorOf } from '../../machine/time/timeZone.ts';
import { filesOf } from '../../machine/machine.ts';
import { SourceUnavailable } from '../definition.ts';
import type { SourceDefinition } from '../definition.ts';
import { lookRegularly } from './lookRegularly.ts';
import { Telling } from './telling.ts';

/**
 * A time zone that is set, but is not there: mostly one of an old name, which distributions have moved to a package of its own
 * (Debian's tzdata-legacy). glibc then takes UTC and says nothing.
 */
export const zone: SourceDefinition = {
    name: 'zone',
    async run(surroundings, outlet, signal) {
        const machine = filesOf(surroundings.root);
        if (!(await hasZones(machine))) throw new SourceUnavailable(_('There are no time zones on this computer'));
        const telling = await Telling.open('zone', surroundings, outlet);
        await lookRegularly(surroundings, outlet, signal, async () => {
            const set = await readTimeZone(machine);
            if (set === null || set.isThere || !(await hasZones(machine))) {
                telling.keepOnly(new Set());
                return;
            }
            telling.keepOnly(new Set([set.zone]));
            if (telling.state(set.zone) === 'told') return;
            const successor = await successorOf(machine, set.zone);
            telling.tell(set.zone, {
                time: Date.now() * 1000,
                kind: 'time',
                event: 'zone-missing',
                subject: set.zone,
                summary: _('The time zone {zone} that is set is not there', { zone: set.zone }),
                detail: '',
                facts: { zone: set.zone, ...(successor !== null && { successor }) },
            });
        });
    },
};
