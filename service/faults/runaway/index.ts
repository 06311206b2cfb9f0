import { runaway as rules } from '../../detection/rules/runaway.ts';
import { inTime, quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import type { TimelineEntry } from '../../model/timelineEntry.ts';
import type { Family } from '../family.ts';
import { isRelieved } from '../shared/pressure/recovery.ts';
import { restartService } from '../shared/units.ts';
import { adviceOnHanging, endProgram, isAskedToEnd, killProgram, whereItCanBeEnded } from './fixes.ts';
import { goesOn, hasShrunk, isCalm, unlessBeyondEnding } from './recovery.ts';
import { growth } from './watch/growth.ts';
import { hanging } from './watch/hanging.ts';
import { kernelThreads } from './watch/kernelThreads.ts';
import { processor } from './watch/processor.ts';

export const runaway: Family = {
    ...rules,
    describeFailure: (incident, tried) =>
        tried.every(each => isAskedToEnd(incident, each)) ? _('It was asked to end, and is still there.') : null,
    remediation: {
        otherwise: {
            recovery: quietFor(30),
            advice: () => _('Wait a little; if it still hangs, end it in the system monitor.'),
        },
        kinds: {
            busy: {
                recovery: unlessBeyondEnding(inTime(isCalm)),
                advice: () => _('If it goes on, save what is open in it and end it.'),
                fixes: [restartService, endProgram, killProgram],
            },
            'kernel-thread': {
                recovery: inTime(isCalm),
                advice: () =>
                    _(
                        'It cannot be ended. Take out what was plugged in last, start the computer again, and look for updates of the kernel and the firmware.',
                    ),
            },
            'hung-task': {
                recovery: unlessBeyondEnding(inTime(goesOn)),
                advice: incident => adviceOnHanging(incident?.facts.waits),
                fixes: [restartService, endProgram, killProgram].map(whereItCanBeEnded),
            },
            'memory-leak': {
                recovery: unlessBeyondEnding(inTime(hasShrunk)),
                advice: () => _('Save what is open in it, then end it and start it again; look for an update of it.'),
                fixes: [restartService, endProgram, killProgram],
            },
            'disk-busy': {
                recovery: isRelieved('io'),
                advice: () => _('If nothing is being copied, see whether a disk is about to fail.'),
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
                    'Its process {program} computes without a rest: that takes power, and slows down everything else.',
                    facts,
                ),
        },
        'kernel-threads kernel-busy': {
            kind: 'kernel-thread',
            severity: 'low',
            cause: causeOfKernelWork,
            rootCause: ({ facts }) => (facts.work === 'memory' ? 'memory' : null),
        },
        'growth grew': {
            kind: 'memory-leak',
            severity: 'low',
            cause: facts =>
                _(
                    'Its process {program} takes memory and gives none back, which is mostly a mistake in the program.',
                    facts,
                ),
        },
        'hanging hung': {
            kind: 'hung-task',
            severity: 'medium',
            cause: causeOfHanging,
        },
        'pressure disk-busy': {
            kind: 'disk-busy',
            severity: 'low',
            cause: () => _('A disk is slow, or has more to do than it can: nothing else gets on meanwhile.'),
        },
    },
};

function causeOfHanging(facts: TimelineEntry['facts']): string {
    switch (facts.waits ?? '') {
        case 'server':
            return facts.place === undefined
                ? _('It waits for a network share, whose server does not answer.')
                : _('It waits for the network share at {place}, whose server does not answer.', facts);
        case 'filesystem':
            return _('It waits for a program that provides a filesystem and does not answer.');
        case 'child':
            return _('It waits for a program that it has started, and that has not begun its own work.');
        case 'disk':
            return _('It waits for a disk that does not answer.');
        default:
            return _('The program {subject} waits for a disk, a network share or the kernel, and gets no answer.', {
                ...(facts.program !== undefined && { subject: facts.program }),
            });
    }
}

function causeOfKernelWork(facts: TimelineEntry['facts']): string {
    const values = { of: facts.of ?? '' };
    switch (facts.work ?? '') {
        case 'memory':
            return _('It looks for memory that it can free, and finds too little: memory is short.');
        case 'packets':
            return _(
                'It works off what devices hand over, the network mostly: that is a flood, or a driver is at fault.',
            );
        case 'interrupts':
            return _(
                'It serves the device {of}, which calls for it without end: the device or its driver is at fault.',
                values,
            );
        case 'firmware':
            return _('The firmware reports events without end (ACPI): a device, a button or the firmware is at fault.');
        default:
            return facts.of === undefined
                ? _(
                      'It does what drivers have put off until later, without end: one of them, or its device, is at fault.',
                  )
                : _(
                      'It does what drivers have put off until later ({of}), without end: one of them, or its device, is at fault.',
                      values,
                  );
    }
}
