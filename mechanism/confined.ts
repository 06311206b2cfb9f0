import { dirname } from 'node:path';

import type { BusValue, Step } from '../service/model/proposal.ts';

const bool = (value: boolean): BusValue => ({ signature: 'b', value });
const text = (value: string): BusValue => ({ signature: 's', value });
const list = (value: string[]): BusValue => ({ signature: 'as', value });
const filter = (value: string[]): BusValue => ({ signature: '(bas)', value: [true, value] });

/** Bits of capabilities(7), from linux/capability.h: what copying a file with its owner, mode, attributes and label takes. */
const capabilities = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'SETFCAP', 'MAC_ADMIN'] as const;
const bits = { CHOWN: 0, DAC_OVERRIDE: 1, FOWNER: 3, FSETID: 4, SETFCAP: 31, MAC_ADMIN: 33 };
const capabilitySet = capabilities.reduce((sum, name) => sum + 2 ** bits[name], 0);

/**
 * A step that changes one file, for programs that can write nothing but its folder, and reach no network and no home; any other
 * step as it is. systemd.exec(5).
 */
export function confined(step: Step): Step {
    const path = step.file?.path ?? step.permissions?.path;
    if (path === undefined || step.call.member !== 'StartTransientUnit') return step;
    const [name = '', mode = '', properties = [], units = []] = step.call.arguments;
    const limits: [string, BusValue][] = [
        ['ProtectSystem', text('strict')],
        ['ReadWritePaths', list([dirname(path)])],
        ['ProtectHome', text('yes')],
        ['PrivateTmp', bool(true)],
        ['PrivateDevices', bool(true)],
        ['PrivateNetwork', bool(true)],
        ['ProtectKernelTunables', bool(true)],
        ['ProtectKernelModules', bool(true)],
        ['ProtectControlGroups', bool(true)],
        ['NoNewPrivileges', bool(true)],
        ['CapabilityBoundingSet', { signature: 't', value: capabilitySet }],
        ['RestrictAddressFamilies', filter(['AF_UNIX'])],
        ['SystemCallFilter', filter(['@system-service'])],
    ];
    const given = Array.isArray(properties) ? properties : [];
    return { ...step, call: { ...step.call, arguments: [name, mode, [...given, ...limits], units] } };
}
