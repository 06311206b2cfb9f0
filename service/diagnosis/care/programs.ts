import { _ } from '../../i18n/i18n.ts';
import type { Incident } from '../../model/incident.ts';
import { settingsFlag } from '../../machine/desktop/settingsFlag.ts';
import { extensionUuid } from '../../machine/desktop/shellExtensions.ts';
import { canBeEnded } from '../../machine/processes/kernelWaits.ts';
import { goesOn, hasLeeway, hasShrunk, isCalm, isRelieved, unlessBeyondEnding } from '../conditions/programs.ts';
import { both, either, inTime, quietFor, untilRestart } from '../conditions/quiet.ts';
import { hasMemory, isExtensionWell, isOwn, isStartedSince, isUnitRunning } from '../conditions/system.ts';
import type { Tried } from '../playbook.ts';
import type { FamilyCare, Fix } from './care.ts';

const day = 24 * 60;

/** For a program that has lost its way; what is not a service is ended. */
const restartService: Fix = {
    action: 'unit.restart',
    // What hangs is, as the kernel tells of it, a fault of the system, whose ever the service is.
    parameters: ({ facts: { service, serviceScope }, scope }) =>
        service === undefined ? null : { scope: serviceScope ?? scope, unit: service },
    explanation: () => _('It begins anew. Most programs that have lost their way find it again like that.'),
};

const endProgram: Fix = {
    action: 'program.end',
    parameters: ({ facts }) => {
        // Of a thread, its process.
        const pid = facts.process ?? facts.pid;
        const started = facts.process === undefined ? facts.started : facts.processStarted;
        return facts.service !== undefined || pid === undefined || started === undefined
            ? null
            : { pid: Number(pid), started: Number(started) };
    },
    explanation: () => _('It is asked to end, as when you close it. Started again, most programs work as they should.'),
};

/** For what was asked to end and has not. */
const killProgram: Fix = {
    action: 'program.kill',
    parameters: (incident, tried = []) =>
        tried.some(each => isAskedToEnd(incident, each)) ? endProgram.parameters(incident) : null,
    explanation: () => _('The system takes it away without asking it again.'),
};

/** Whether the process that the incident is about now was asked to end: an earlier one of that name is another. */
export function isAskedToEnd(incident: Incident, { action, parameters, isDone }: Tried): boolean {
    const present = JSON.stringify(endProgram.parameters(incident));
    return action === endProgram.action && isDone && JSON.stringify(parameters) === present;
}

/** For what hangs where it can be ended. */
function whereItCanBeEnded(fix: Fix): Fix {
    return {
        ...fix,
        parameters: (incident, tried) => (canBeEnded(incident.facts.waits) ? fix.parameters(incident, tried) : null),
    };
}

/** @param waits undefined where it is not known */
function adviceOnHanging(waits = ''): string {
    if (waits === 'server' || waits === '')
        return _('It waits for a disk or a server. See whether all of them answer.');
    if (canBeEnded(waits)) return _('Wait a little. If it does not go on, end it: it cannot save anything as it is.');
    return _('See whether all disks and servers answer: until then nothing can end it but a restart of the computer.');
}

export const programCare: readonly FamilyCare[] = [
    {
        family: 'crash',
        others: {
            isOver: quietFor(day),
            advice: () =>
                _('If it happens again, look for an update of the program, and report it to those who make it.'),
        },
        kinds: {
            panic: {
                isOver: untilRestart,
                advice: () => _('If it happens again, start with the earlier kernel, and test the memory.'),
            },
            kernel: {
                isOver: untilRestart,
                advice: () =>
                    _(
                        'Save your work and start the computer again: after such a mistake the kernel cannot be relied on.',
                    ),
            },
        },
    },
    {
        family: 'program',
        others: { isOver: quietFor(6 * 60), advice: () => _('The log of the program says more.') },
    },
    {
        family: 'memory',
        others: {
            isOver: both(hasMemory, quietFor(10)),
            advice: () =>
                _('Close what you do not need; ask “what uses the memory” to see which programs take the most.'),
        },
        kinds: {
            'killed-in-group': {
                isOver: quietFor(60),
                advice: () => _('It took more memory than it may; its limit is set in its unit or container.'),
            },
            'limit-reached': {
                isOver: hasLeeway,
                advice: () => _('It took more memory than it may; its limit is set in its unit or container.'),
                fixes: [restartService],
            },
            pressure: {
                isOver: isRelieved('memory'),
                advice: () =>
                    _('Close what you do not need; ask “what uses the memory” to see which programs take the most.'),
            },
        },
    },
    {
        family: 'runaway',
        others: {
            isOver: quietFor(30),
            advice: () => _('Wait a little; if it still hangs, end it in the system monitor.'),
        },
        kinds: {
            busy: {
                isOver: unlessBeyondEnding(inTime(isCalm)),
                advice: () => _('If it goes on, save what is open in it and end it.'),
                fixes: [restartService, endProgram, killProgram],
            },
            'kernel-thread': {
                isOver: inTime(isCalm),
                advice: () =>
                    _(
                        'It cannot be ended. Take out what was plugged in last, start the computer again, and look for updates of the kernel and the firmware.',
                    ),
            },
            'hung-task': {
                isOver: unlessBeyondEnding(inTime(goesOn)),
                advice: incident => adviceOnHanging(incident?.facts.waits),
                fixes: [restartService, endProgram, killProgram].map(whereItCanBeEnded),
            },
            'memory-leak': {
                isOver: unlessBeyondEnding(inTime(hasShrunk)),
                advice: () => _('Save what is open in it, then end it and start it again; look for an update of it.'),
                fixes: [restartService, endProgram, killProgram],
            },
            'disk-busy': {
                isOver: isRelieved('io'),
                advice: () => _('If nothing is being copied, see whether a disk is about to fail.'),
            },
        },
    },
    {
        family: 'limits',
        others: {
            isOver: quietFor(60),
            advice: () => _('Close some programs. One that needs ever more of it has a mistake.'),
        },
        kinds: {
            inotify: {
                isOver: quietFor(60),
                advice: () => _('Close programs that watch many files, such as editors and file synchronisation.'),
                fixes: [
                    {
                        action: 'limits.raise',
                        parameters: () => ({ limit: 'max_user_watches' }),
                        explanation: () =>
                            _('Programs that watch whole folders, such as editors, need more than the usual limit.'),
                    },
                ],
            },
            'inotify-instances': {
                isOver: quietFor(60),
                advice: () => _('Close programs that watch many files, such as editors and file synchronisation.'),
                fixes: [
                    {
                        action: 'limits.raise',
                        parameters: () => ({ limit: 'max_user_instances' }),
                        explanation: () => _('Each program that watches files needs one of these.'),
                    },
                ],
            },
        },
    },
    {
        family: 'containers',
        others: { isOver: quietFor(2 * 60), advice: () => _('Its own log says more; ask for it by its name.') },
        kinds: {
            portal: {
                // It looks for what it needs once, as it starts: settings_create() of its src/settings.c and the like.
                isOver: either(
                    isStartedSince('user', 'xdg-desktop-portal.service', 'interface'),
                    either(both(isUnitRunning('user', 'xdg-desktop-portal.service'), quietFor(10)), quietFor(day)),
                ),
                advice: () => _('Log out and in again.'),
                fixes: [
                    {
                        action: 'unit.restart',
                        parameters: () => ({ scope: 'user', unit: 'xdg-desktop-portal.service' }),
                        explanation: () => _('Programs that wait for an answer ask anew.'),
                    },
                ],
            },
        },
    },
    {
        family: 'desktop',
        others: {
            isOver: either(untilRestart, quietFor(2 * 60)),
            advice: () => _('Log out and in again. Turn extensions off if it comes back.'),
        },
        kinds: {
            extension: {
                isOver: isExtensionWell,
                advice: () => _('Look for an update of the extension that fits this version of GNOME.'),
                fixes: [
                    {
                        action: 'extension.disable',
                        // Some lines of the Shell call an extension by another name.
                        parameters: ({ subject }) => (extensionUuid.test(subject) ? { uuid: subject } : null),
                        explanation: () => _('It does not work as it is, and can slow down or break the desktop.'),
                    },
                ],
            },
            schema: {
                isOver: either(untilRestart, quietFor(2 * 60)),
                advice: () => _('Let the upgrade finish, or install the program anew; then log in again.'),
            },
            'settings-lost': {
                isOver: quietFor(day),
                advice: () =>
                    _(
                        'If you have a backup, put .config/dconf/user back while you are not logged in; else choose your settings anew.',
                    ),
            },
            'settings-denied': {
                isOver: either(inTime(isOwn), quietFor(60)),
                advice: () => _('Give the file back to yourself, or remove it and log in anew.'),
                fixes: [
                    {
                        action: 'settings.unblock',
                        parameters: ({ facts: { path = '' } }) => (settingsFlag.test(path) ? { path } : null),
                        explanation: () => _('It holds nothing, and is made anew by itself.'),
                    },
                ],
            },
            bus: {
                isOver: quietFor(60),
                advice: () => _('The program that should answer did not start; log in anew.'),
            },
        },
    },
    {
        family: 'reeve',
        others: {
            isOver: quietFor(60),
            advice: () => _('“reeve doctor” says what is missing.'),
        },
    },
];
