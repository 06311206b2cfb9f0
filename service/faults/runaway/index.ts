import { runaway as rules } from '../generated/runaway.ts';
import { inTime, quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Facts } from '../../model/facts.ts';
import { defineFamily } from '../family.ts';
import { isRelieved } from '../shared/pressure/recovery.ts';
import { restartService } from '../shared/units.ts';
import { disconnected, restartComputer } from '../shared/steps.ts';
import { readFacts } from './facts.ts';
import { adviceOnHanging, endProgram, isAskedToEnd, killProgram, whereItCanBeEnded } from './fixes.ts';
import { makesProgress, hasShrunk, isCalm, unlessBeyondEnding } from './recovery.ts';
import { growth } from './watch/growth.ts';
import { hanging } from './watch/hanging.ts';
import { kernelThreads } from './watch/kernelThreads.ts';
import { processor } from './watch/processor.ts';

export const runaway = defineFamily({
    ...rules,
    describeFailure: (incident, tried) =>
        tried.every(each => isAskedToEnd(incident, each)) ? _('It was asked to quit but is still running.') : null,
    remediation: {
        otherwise: {
            recovery: quietFor(30),
            advice: () => _('Wait a little. If it still does not respond, end it in the system monitor.'),
        },
        kinds: {
            busy: {
                recovery: unlessBeyondEnding(inTime(isCalm)),
                advice: () => _('If this continues, save your work in it and end it.'),
                fixes: [restartService, endProgram, killProgram],
            },
            'kernel-thread': {
                recovery: inTime(isCalm),
                advice: () =>
                    _(
                        'It cannot be ended. Unplug what you plugged in last, restart the computer, and look for kernel and firmware updates.',
                    ),
                guide: [
                    { text: () => _('Unplug what you plugged in last.'), seen: disconnected('usb') },
                    restartComputer,
                ],
            },
            'hung-task': {
                recovery: unlessBeyondEnding(inTime(makesProgress)),
                advice: incident => adviceOnHanging(incident?.facts ?? {}),
                fixes: [
                    whereItCanBeEnded(restartService),
                    whereItCanBeEnded(endProgram),
                    whereItCanBeEnded(killProgram),
                ],
            },
            'memory-leak': {
                recovery: unlessBeyondEnding(inTime(hasShrunk)),
                advice: () => _('Save your work in it, then restart it. Look for an update.'),
                fixes: [restartService, endProgram, killProgram],
            },
            'disk-busy': {
                recovery: isRelieved('io'),
                advice: () => _('If nothing is being copied, check whether a disk is about to fail.'),
                guide: [{ text: () => _('Wait until copies, backups and updates have finished, or stop them.') }],
            },
        },
    },
    watch: [growth, hanging, kernelThreads, processor],
    changes: {
        'processor busy': {
            kind: 'busy',
            severity: 'low',
            cause: facts =>
                _(
                    'Its process {program} keeps a processor busy, which uses power and slows down everything else.',
                    facts,
                ),
        },
        'kernel-threads kernel-busy': {
            kind: 'kernel-thread',
            severity: 'low',
            cause: causeOfKernelWork,
            rootCause: ({ facts }) => (readFacts(facts).work === 'memory' ? 'memory' : null),
        },
        'growth grew': {
            kind: 'memory-leak',
            severity: 'low',
            cause: facts =>
                _('Its process {program} takes memory and frees none, which is usually a bug in the program.', facts),
        },
        'hanging hung': {
            kind: 'hung-task',
            severity: 'medium',
            cause: causeOfHanging,
        },
        'pressure disk-busy': {
            kind: 'disk-busy',
            severity: 'low',
            cause: () => _('A disk is slow or overloaded, and everything else has to wait.'),
        },
    },
});

/** What it waits for is in kernelWaits.ts. */
function causeOfHanging(facts: Facts): string {
    const { waits, place, program } = readFacts(facts);
    switch (waits) {
        case 'server':
            return place === undefined
                ? _('It is waiting for a network share whose server does not answer.')
                : _('It is waiting for the network share at {place}, whose server does not answer.', {
                      place,
                  });
        case 'filesystem':
            return _('It is waiting for a program that provides a filesystem and does not answer.');
        case 'child':
            return _('It is waiting for a program that it has started and that has not begun its work.');
        case 'disk':
            return _('It is waiting for a disk that does not answer.');
        case undefined:
        default:
            return _(
                'The program {subject} is waiting for a disk, a network share or the kernel, and gets no answer.',
                {
                    ...(program !== undefined && { subject: program }),
                },
            );
    }
}

/** What it works on is in watch/kernelThreads.ts. */
function causeOfKernelWork(facts: Facts): string {
    const { work, of } = readFacts(facts);
    const values = { of: of ?? '' };
    switch (work) {
        case 'memory':
            return _('It is looking for memory to free and finds too little: memory is short.');
        case 'packets':
            return _(
                'It processes data from devices, mostly the network: there is too much of it, or a driver is faulty.',
            );
        case 'interrupts':
            return _(
                'It handles the device {of}, which constantly raises interrupts: the device or its driver is faulty.',
                values,
            );
        case 'firmware':
            return _('The firmware constantly reports events (ACPI): a device, a button or the firmware is faulty.');
        case undefined:
        default:
            return of === undefined
                ? _('It keeps running work that drivers have deferred: one of them, or its device, is faulty.')
                : _(
                      'It keeps running work that drivers have deferred ({of}): one of them, or its device, is faulty.',
                      values,
                  );
    }
}
