import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { readInterfaces } from '../../machine/network/network.ts';
import { interfaceOf, readInterface } from '../shared/network.ts';

export const hasAddress: RecoveryCheck = {
    about: 'the interface has an address, or is gone',
    async check({ incident, machine, signal }) {
        const name = interfaceOf(incident);
        const interfaces = await readInterfaces(machine, signal);
        if (interfaces === null) return unknown();
        const found = interfaces.find(candidate => candidate.name === name);
        const values = { name: name ?? incident.subject };
        if (found === undefined) {
            return name !== null && readInterface(incident.facts).interface !== undefined
                ? { gone: true, detail: _('{name} no longer exists', values) }
                : unknown();
        }
        return found.addresses.length > 0
            ? { gone: true, detail: _('{name} has an address', values) }
            : { gone: false, detail: _('{name} has no address', values) };
    },
};
