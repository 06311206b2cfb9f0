import { _ } from '../../i18n/i18n.ts';
import type { Incident } from '../../model/incident.ts';
import { both, either, quietFor, untilRestart, whereUnknown } from '../conditions/quiet.ts';
import { hasRoom, isAllMounted, isDriveWell, isWritable } from '../conditions/storage.ts';
import type { FamilyCare, Fix } from './care.ts';

const day = 24 * 60;

/** The log and the downloaded packages are below /var; deleting them makes no room on a filesystem that is elsewhere. */
const ifWithVar = ({ facts: { place = '/' } }: Incident) => (/^\/(?:var(?:\/|$)|$)/.test(place) ? {} : null);

/** What can be deleted without anybody missing it. */
const makeRoom: readonly Fix[] = [
    {
        action: 'packages.cleanCache',
        parameters: ifWithVar,
        explanation: () => _('Often frees some gigabytes, and nothing of yours is touched.'),
    },
    {
        action: 'journal.vacuum',
        parameters: ifWithVar,
        explanation: () => _('The log may take up to four gigabytes; little of it is ever read.'),
    },
    {
        action: 'packages.removeKernels',
        // Where their files are, and not what is mounted below, such as /boot/efi.
        parameters: ({ facts: { place = '/' } }) =>
            /^\/(?:boot|usr(?:\/lib(?:\/modules)?)?)?$/.test(place) ? {} : null,
        explanation: () => _('No start takes them any more.'),
    },
];

const backUp = () =>
    _('Save what is important to another disk now, before anything else; then have the disk looked at or replaced.');

export const storageCare: readonly FamilyCare[] = [
    {
        family: 'disk-space',
        others: {
            isOver: hasRoom,
            advice: () =>
                _('Empty the trash, and ask “what is using disk space” to see which folders could be made smaller.'),
            fixes: makeRoom,
        },
        kinds: {
            quota: {
                isOver: quietFor(6 * 60),
                advice: () => _('Delete what you need no more, or ask who looks after the computer for more room.'),
            },
        },
    },
    {
        family: 'filesystem',
        others: {
            isOver: both(untilRestart, quietFor(60)),
            advice: () =>
                _(
                    'Save what is important elsewhere, then start the computer again: the filesystem is checked on the way.',
                ),
        },
        kinds: {
            'read-only': {
                isOver: either(isWritable, both(untilRestart, quietFor(60))),
                advice: () =>
                    _(
                        'The kernel stopped writing to protect what is there. Save what is important elsewhere, then start the computer again: the filesystem is checked on the way. Making it writable without a check can destroy more.',
                    ),
            },
            'not-unmounted': {
                isOver: quietFor(60),
                advice: () => _('Take it out only after it was ejected; a check repairs what was left behind.'),
            },
        },
    },
    {
        family: 'disk',
        others: { isOver: quietFor(7 * day), advice: backUp },
        kinds: {
            link: {
                isOver: quietFor(day),
                advice: () =>
                    _('Nearly always it is the cable or the plug: switch the computer off and seat both anew.'),
            },
            'optical-or-floppy': {
                isOver: quietFor(60),
                advice: () => _('The medium is dirty or scratched, or the drive cannot read it.'),
            },
            'smart-failure': { isOver: isDriveWell, advice: backUp },
            'smart-unreachable': {
                isOver: quietFor(day),
                advice: () => _('The disk may be asleep or gone; if files on it can be read, nothing is lost.'),
            },
        },
    },
    {
        family: 'mount',
        others: {
            isOver: either(quietFor(12 * 60), untilRestart),
            advice: () =>
                _('See whether the disk or share is there, and whether its line in /etc/fstab is still right.'),
        },
        kinds: {
            server: {
                isOver: quietFor(60),
                advice: () => _('The server or the way to it is down; programs wait until it comes back.'),
            },
            emergency: {
                isOver: whereUnknown(isAllMounted, untilRestart),
                advice: () =>
                    _(
                        'Look at the first failed mount or check in the log: a line in /etc/fstab with “nofail” cannot stop the start.',
                    ),
            },
        },
    },
];
