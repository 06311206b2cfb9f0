import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import { unknown } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { listNames, readText } from '../../machine/machine.ts';
import { interfaceOf } from '../shared/network.ts';

/** The kernel's own state: Documentation/ABI/testing/sysfs-class-net (carrier). */
export const hasCarrier: RecoveryCheck = {
    about: 'the interface has a carrier, or is gone',
    async check({ incident, machine }) {
        const name = interfaceOf(incident);
        if (name === null) return unknown();
        const values = { name };
        if (!(await listNames(machine, '/sys/class/net')).includes(name))
            return { gone: true, detail: _('{name} no longer exists', values) };
        const carrier = await readText(machine, `/sys/class/net/${name}/carrier`, 16);
        return carrier?.trim() === '1'
            ? { gone: true, detail: _('{name} is connected', values) }
            : { gone: false, detail: _('{name} is not connected', values) };
    },
};
