/** What is done to filesystems that are mounted: freeing blocks for the drive, checking at the next start, mounting again. */
import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readText } from '../../machine/machine.ts';
import { parseMounts, type Mount } from '../../machine/storage/filesystems.ts';
import { fstab, fstabEntry } from '../../machine/storage/fstabMistakes.ts';
import { defineAction, noParameters, valueCheck } from '../action.ts';
import { programStep } from '../programStep.ts';
import type { Surroundings } from '../surroundings.ts';

const folder = z.string().regex(/^\/(?:[\w.@-]+(?:\/[\w.@-]+){0,7})?$/);
const place = z.strictObject({ folder });
type Asked = Pick<Surroundings, 'machine'> & { signal: AbortSignal };

/** Tells solid-state drives which blocks are free; fstrim(8). */
export const storageTrim = defineAction({
    name: 'storage.trim',
    parameters: noParameters,
    proposable: ['task'],
    touches: () => ['free blocks'],
    wishes: [
        {
            phrases: {
                en: ['trim [(ssd|ssds|drive|drives|disk|disks|filesystem|filesystems)]', 'run (trim|fstrim)'],
                de: ['(trimme|trim) [(ssd|ssds|laufwerk|laufwerke)]', '(ssd|ssds) trimmen', '(trim|fstrim) ausführen'],
                ar: ['(شغل|نفذ) (trim|fstrim)'],
            },
            parameters: () => [{}],
        },
    ],
    plan: () => ({
        title: _('Tell the drives which blocks are free'),
        steps: [
            {
                description: _('Free the unused blocks of all filesystems'),
                // Those of fstab(5), and where there is none, those that are mounted.
                ...programStep('system', [
                    'fstrim',
                    '--listed-in',
                    '/etc/fstab:/proc/self/mountinfo',
                    '--verbose',
                    '--quiet-unsupported',
                ]),
            },
        ],
        risk: 'low',
        riskText: _('It takes a minute, in which the drives may be slower. Deleted files can no longer be recovered.'),
        undo: null,
        authentication: true,
        preconditions: {},
    }),
});

const families = new Set(['ext2', 'ext3', 'ext4']);

/** Has a filesystem checked when it is next mounted; tune2fs(8), -E force_fsck. */
export const filesystemCheck = defineAction({
    name: 'filesystem.check',
    parameters: place,
    touches: ({ folder: of }) => [`check of ${of}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(check|fsck) (filesystem|file system|root filesystem|disk) (at|on|with) next (boot|start|startup)',
                    '(run|do|force) (fsck|filesystem check|disk check|file system check) (at|on) next (boot|start)',
                ],
                de: [
                    'dateisystem beim nächsten start (prüfen|überprüfen)',
                    '(prüfe|überprüfe) dateisystem beim nächsten start',
                    'fsck beim nächsten start',
                ],
                ar: ['افحص نظام ملفات عند الإقلاع التالي'],
            },
            parameters: () => [{ folder: '/' }],
        },
        {
            phrases: {
                en: ['(check|fsck) filesystem (of|at|on) {folder} (at|on) next (boot|start)'],
                de: ['dateisystem (von|auf|unter) {folder} beim nächsten start (prüfen|überprüfen)'],
                ar: ['افحص نظام ملفات {folder} عند الإقلاع التالي'],
            },
            parameters: ({ folder: of }) => meant(of),
        },
    ],
    async plan({ folder: of }, asked) {
        const { source, type } = await requireMount(of, asked);
        if (!families.has(type) || !/^\/dev\/[\w/.-]{1,100}$/.test(source))
            throw new ReeveError(
                'InvalidState',
                _('A filesystem of the type {type} cannot be marked for a check', { type }),
            );
        // systemd-fsck(8) looks at the root, and at what fstab(5) has with a number in its sixth field.
        const entries = (asked.machine === null ? null : await readText(asked.machine, fstab, 65_536)) ?? '';
        const isChecked = (line: string) => {
            const entry = fstabEntry(line);
            return entry?.folder === of && entry.pass > 0;
        };
        if (of !== '/' && !entries.split('\n').some(isChecked))
            throw new ReeveError(
                'InvalidState',
                _('{path} is checked at a start only with a number above 0 at the end of its line in /etc/fstab', {
                    path: of,
                }),
            );
        const title = _('Check the filesystem of {path} at the next start', { path: of });
        return {
            title,
            steps: [{ description: title, ...programStep('system', ['tune2fs', '-E', 'force_fsck', source]) }],
            risk: 'low',
            riskText: _('The next start takes some minutes longer.'),
            undo: null,
            authentication: true,
            preconditions: { [of]: `${source} ${type}` },
        };
    },
});

/** Mounts a filesystem again, so that it can be written or not; mount(8), -o remount. */
export const filesystemRemount = defineAction({
    name: 'filesystem.remount',
    parameters: place.extend({ isWritable: z.boolean() }),
    touches: ({ folder: of }) => [`mount ${of}`],
    wishes: [
        {
            phrases: {
                en: [
                    '(remount|mount) {folder} [as] (read-write|read write|writable|rw)',
                    'make {folder} writable [again]',
                ],
                de: ['{folder} [wieder] (beschreibbar|schreibbar) (einhängen|machen|mounten)'],
                ar: ['اجعل {folder} قابلا للكتابة'],
            },
            parameters: ({ folder: of }) => meant(of).map(each => ({ ...each, isWritable: true })),
        },
        {
            phrases: {
                en: ['(remount|mount) {folder} [as] (read-only|read only|ro)', 'make {folder} read-only'],
                de: ['{folder} (schreibgeschützt|nur lesbar) (einhängen|machen|mounten)'],
                ar: ['اجعل {folder} للقراءة فقط'],
            },
            parameters: ({ folder: of }) => meant(of).map(each => ({ ...each, isWritable: false })),
        },
    ],
    async plan({ folder: of, isWritable }, asked) {
        const { readOnly, source } = await requireMount(of, asked);
        if (readOnly !== isWritable) throw new ReeveError('InvalidState', _('The setting already has this value'));
        const to = (writable: boolean) => ({
            description: writable
                ? _('Let {path} be written', { path: of })
                : _('Let {path} only be read', { path: of }),
            ...programStep('system', ['mount', '--options', `remount,${writable ? 'rw' : 'ro'}`, '--', of]),
        });
        const step = to(isWritable);
        return {
            title: step.description,
            steps: [step],
            risk: 'medium',
            riskText: isWritable
                ? _('If the kernel made it read-only after an error, more may be lost. Check it first.')
                : _('Programs that write there fail. It does not work while a file there is open for writing.'),
            undo: { text: _('Sets it back'), steps: [to(!isWritable)] },
            authentication: true,
            preconditions: { [of]: `${source} ${String(readOnly)}` },
        };
    },
    async verify({ folder: of, isWritable }, asked) {
        return valueCheck((await requireMount(of, asked)).readOnly !== isWritable);
    },
});

function meant(said: string | undefined): { folder: string }[] {
    const { data } = folder.safeParse(said);
    return data === undefined ? [] : [{ folder: data }];
}

/** @throws ReeveError InvalidState when nothing on a disk is mounted there */
async function requireMount(of: string, { machine }: Asked): Promise<Mount> {
    // The mechanism's own mounts are read-only: systemd.exec(5), ProtectSystem=.
    const text = (machine === null ? null : await readText(machine, '/proc/1/mountinfo', 1_048_576)) ?? '';
    // Of several at one place the last covers the others.
    const found = parseMounts(text).findLast(({ path, source }) => path === of && source.startsWith('/dev/'));
    if (found === undefined)
        throw new ReeveError('InvalidState', _('No filesystem of a disk is mounted at {path}', { path: of }));
    return found;
}
