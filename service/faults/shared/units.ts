import * as z from 'zod';

import type { RecoveryCheck } from '../../diagnosis/recovery.ts';
import type { Fix, FixBy } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import { factReader } from '../../model/facts.ts';
import { isRunning } from '../../machine/units/unitState.ts';
import { scope as anyScope } from '../../model/incident.ts';
import type { Scope } from '../../model/unit.ts';

/** Whether a unit runs, if there is such a unit. */
export function isUnitRunning(scope: Scope, name: string): RecoveryCheck {
    return {
        about: `${name} runs`,
        async check({ systemd, signal }) {
            const unit = await systemd.unit(scope, name, { signal });
            return unit !== null && isRunning(unit)
                ? { gone: true, detail: _('{unit} is running', { unit: name }) }
                : { gone: false, detail: _('{unit} is not running', { unit: name }) };
        },
    };
}

export const restartUnit = (unit: string): Fix => ({
    action: 'unit.restart',
    parameters: () => ({ scope: 'system', unit }),
    explanation: () => _('Restarting it often clears this.'),
});

const readService = factReader(() => ({ service: z.string(), serviceScope: anyScope }));

/** For a program in an undefined state; a program that is no service is ended. */
export const restartService: FixBy<'unit.restart'> = {
    action: 'unit.restart',
    // A hang that the kernel reports is a fault of the system, no matter whose service it is.
    parameters: ({ facts, scope }) => {
        const { service, serviceScope = scope } = readService(facts);
        return service === undefined ? null : { scope: serviceScope, unit: service };
    },
    explanation: () => _('It starts from scratch, which clears most such problems.'),
};
