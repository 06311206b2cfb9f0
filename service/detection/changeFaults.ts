import { _ } from '../i18n/i18n.ts';
import { scope } from '../model/incident.ts';
import type { Finding } from '../model/incident.ts';
import type { TimelineEntry } from '../model/timelineEntry.ts';
import { safeText } from '../text/sanitise.ts';

type Fault = Pick<Finding, 'family' | 'kind' | 'severity'> & {
    /** Without facts it documents the fault. */
    cause: (facts: TimelineEntry['facts']) => string;
    /** What the lines of the log call it that tell of the same; by default the entry's own subject. */
    subject?: (entry: TimelineEntry) => string;
    /** Subject of the fault that it is a part of, if there is one. */
    rootCause?: (entry: TimelineEntry) => string | null;
};

function coolingFails(): string {
    return _('The cooling cannot keep up: a fan or the air inlets may be blocked, or the work is very heavy.');
}

function causeOfNewError({ said }: TimelineEntry['facts']): string {
    const reason = _('What was changed shortly before may be the reason. If everything works, nothing need be done.');
    return said === undefined ? reason : _('{reason} It said: “{line}”', { reason, line: safeText(said, 160) });
}

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

/** What sources tell of that is a fault in itself, by source and event. Their own words are the title. */
export const changeFaults: Readonly<Record<string, Fault>> = {
    'network no-route': {
        family: 'routing',
        kind: 'no-route',
        severity: 'high',
        cause: () => _('The default route was removed: only what is in the same network can still be reached.'),
    },
    'network gateway-silent': {
        family: 'routing',
        kind: 'gateway',
        severity: 'high',
        cause: () => _('It is off, hangs, or is not in the network that this computer is connected to.'),
    },
    'network no-carrier': {
        family: 'link',
        kind: 'down',
        severity: 'medium',
        cause: () => _('The cable is unplugged or bad, or what is at its other end is off.'),
    },
    // GNOME Shell opens the page of the login by itself.
    'network-manager connectivity-portal': {
        family: 'routing',
        kind: 'portal',
        severity: 'low',
        cause: () => _('The network wants you to sign in before it lets anything through.'),
        subject: () => 'Internet',
    },
    'network-manager no-internet': {
        family: 'routing',
        kind: 'no-internet',
        severity: 'medium',
        cause: () => _('The way to the router is there, but nothing behind it answers: the line may be down.'),
        subject: () => 'Internet',
        // The link, the router or the route of the interface may have been told of.
        rootCause: ({ facts }) => facts.interface ?? null,
    },
    'shell-extensions extension-error': {
        family: 'desktop',
        kind: 'extension',
        severity: 'medium',
        cause: () => _('The extension has a mistake, or does not fit this version of GNOME.'),
    },
    'space space-low': {
        family: 'disk-space',
        kind: 'low',
        severity: 'medium',
        cause: () =>
            _('Once nothing is left, programs can no longer save, and the computer may not start as it should.'),
        subject: ({ subject }) => (subject === '/' ? 'disk' : subject),
    },
    'processor busy': {
        family: 'runaway',
        kind: 'busy',
        severity: 'low',
        cause: facts =>
            _(
                'Its process {program} computes without a rest: that takes power, and slows down everything else.',
                facts,
            ),
    },
    'kernel-threads kernel-busy': {
        family: 'runaway',
        kind: 'kernel-thread',
        severity: 'low',
        cause: causeOfKernelWork,
        rootCause: ({ facts }) => (facts.work === 'memory' ? 'memory' : null),
    },
    'growth grew': {
        family: 'runaway',
        kind: 'memory-leak',
        severity: 'low',
        cause: facts =>
            _(
                'Its process {program} takes memory and gives none back, which is mostly a mistake in the program.',
                facts,
            ),
    },
    'hanging hung': {
        family: 'runaway',
        kind: 'hung-task',
        severity: 'medium',
        cause: causeOfHanging,
    },
    'pressure memory-short': {
        family: 'memory',
        kind: 'pressure',
        severity: 'medium',
        cause: facts =>
            facts.name === undefined
                ? _('Programs use more memory than there is.')
                : _('Programs use more memory than there is; {name} holds the most, {megabytes} MB.', facts),
    },
    'pressure memory-limited': {
        family: 'memory',
        kind: 'limit-reached',
        severity: 'medium',
        cause: facts =>
            facts.limit === undefined
                ? _('It needs more memory than it may use, so that the kernel lets it wait.')
                : _(
                      'It needs more than the {limit} MB of memory that it may use, so that the kernel lets it wait.',
                      facts,
                  ),
    },
    'pressure disk-busy': {
        family: 'runaway',
        kind: 'disk-busy',
        severity: 'low',
        cause: () => _('A disk is slow, or has more to do than it can: nothing else gets on meanwhile.'),
    },
    'heat throttled': {
        family: 'power',
        kind: 'throttled',
        severity: 'medium',
        cause: coolingFails,
    },
    'heat warm': {
        family: 'power',
        kind: 'throttled',
        severity: 'low',
        cause: coolingFails,
    },
    'heat too-hot': {
        family: 'power',
        kind: 'overheated',
        severity: 'high',
        cause: coolingFails,
    },
    'sound sound-card-off': {
        family: 'audio',
        kind: 'card-off',
        severity: 'medium',
        cause: () => _('There is no output but the dummy one, and the card is set to “off” although it could play.'),
    },
    'sound sound-card-missing': {
        family: 'audio',
        kind: 'card-missing',
        severity: 'medium',
        cause: () =>
            _('The kernel has the card ready, but the sound server did not take it and has only a dummy output.'),
    },
    'zone zone-missing': {
        family: 'time',
        kind: 'zone-missing',
        severity: 'medium',
        cause: facts =>
            facts.successor === undefined
                ? _(
                      'All clocks show UTC instead. Some distributions keep old names of time zones in a package of its own.',
                  )
                : _('All clocks show UTC instead. It is called {successor} now.', facts),
    },
    'installations interrupted': {
        family: 'packages',
        kind: 'interrupted',
        severity: 'high',
        cause: () => _('The package manager was interrupted half-way, and must finish its work first.'),
        // The log may have told of the package at which it stopped.
        rootCause: ({ facts }) => facts.packages?.split(' ')[0] ?? null,
    },
    'installations half-configured': {
        family: 'packages',
        kind: 'broken',
        severity: 'high',
        cause: () => _('Its scripts failed, or what it needs cannot be installed.'),
    },
    'mistakes invalid': {
        family: 'configuration',
        kind: 'invalid',
        severity: 'medium',
        cause: facts =>
            facts.missing !== undefined
                ? _('There is no {missing}: the next start waits for it, and may stop in emergency mode.', facts)
                : facts.line === undefined
                  ? _('What reads the file does not understand it, and may not start the next time.')
                  : _('Line {line} is not understood, and what reads the file may not start the next time.', facts),
    },
    'restart restart-needed': {
        family: 'reboot',
        kind: 'needed',
        severity: 'low',
        cause: () => _('An update was installed that only a restart brings into use.'),
    },
    'libraries libraries-outdated': {
        family: 'reboot',
        kind: 'old-libraries',
        severity: 'low',
        cause: () => _('A mistake that the upgrade corrects is still in the programs that were started before it.'),
    },
    'drives drive-failing': {
        family: 'disk',
        kind: 'smart-failure',
        severity: 'critical',
        cause: () => _('The drive itself has measured that it wears out or breaks.'),
        subject: ({ subject, facts }) => facts.node ?? subject,
    },
    'firmware firmware-failed': {
        family: 'packages',
        kind: 'firmware',
        severity: 'medium',
        cause: () => _('The device still runs its earlier firmware, and refused the new one or was interrupted.'),
        // The log may have told of it without the device's name.
        rootCause: () => 'firmware update',
    },
    'journal new-error': {
        family: 'program',
        kind: 'new-error',
        severity: 'low',
        cause: causeOfNewError,
    },
    'power worn': {
        family: 'power',
        kind: 'worn',
        severity: 'low',
        cause: () => _('Batteries wear out with time and heat; this one lasts shorter and shorter.'),
    },
    'power critical': {
        family: 'power',
        kind: 'battery',
        severity: 'high',
        cause: () => _('The computer will soon be put to rest to save what is open.'),
    },
    'power action': {
        family: 'power',
        kind: 'battery',
        severity: 'critical',
        cause: () => _('The computer will soon be put to rest to save what is open.'),
    },
};

/** The fault that an entry of the timeline is; null for what is only a change. */
export function faultOfChange(entry: TimelineEntry): Finding | null {
    const fault = changeFaults[`${entry.source} ${entry.event}`];
    if (fault === undefined) return null;
    const { id, time, subject, summary, detail, facts } = entry;
    const { family, kind, severity } = fault;
    const message = detail === '' ? summary : `${summary}\n${detail}`.slice(0, 2048);
    return {
        family,
        kind,
        severity,
        scope: scope.safeParse(facts.scope).data ?? (entry.source === 'shell-extensions' ? 'user' : 'system'),
        subject: fault.subject?.(entry) ?? subject,
        title: summary,
        cause: fault.cause(facts),
        time,
        occurrence: `timeline ${id}`,
        evidence: [{ source: 'system', time, origin: subject, message, cursor: null, line: null }],
        rootCause: fault.rootCause?.(entry) ?? null,
        facts,
    };
}
