import { noted } from '../../diagnosis/guide.ts';
import type { StepCheck } from '../../diagnosis/guide.ts';
import { listNames } from '../../machine/machine.ts';

/** That it woke up proves nothing: it does so right after a suspend that failed. */
export const isSuspendedAgain = noted(
    'that the computer was suspended',
    ['suspend'],
    ({ event }) => event === 'suspend',
);

/** Of the process that logind named as the one that held the lock. */
export const hasEnded: StepCheck = {
    about: 'the process that delayed it has ended',
    async check({ incident, machine }) {
        const { pid = '' } = incident.facts;
        const processes = await listNames(machine, '/proc');
        return { gone: /^\d+$/.test(pid) && processes.length > 0 && !processes.includes(pid), detail: '' };
    },
};
