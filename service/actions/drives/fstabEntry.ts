import * as z from 'zod';

import { ReeveError } from '../../util/errors.ts';
import { _ } from '../../i18n/i18n.ts';
import { readBytes } from '../../machine/machine.ts';
import { fstab, fstabEntry } from '../../machine/storage/fstabMistakes.ts';
import { Contents } from '../../store/contents.ts';
import { defineAction, valueCheck } from '../action.ts';
import { editSteps } from '../files/editedFile.ts';
import type { Surroundings } from '../surroundings.ts';
import { reloadStep } from '../units/unitPlan.ts';
import { readVolumes, volumesMeant } from './volumes.ts';

/** Of a filesystem, as blkid(8) prints it; FAT and NTFS have shorter ones. */
const uuid = z.string().regex(/^[A-Fa-f0-9-]{4,36}$/);
const folder = z.string().regex(/^\/(?:mnt|media|srv|data)\/[A-Za-z0-9][\w.-]{0,63}$/);
const parameters = z.strictObject({ uuid, folder });
const limit = 1_048_576;
const touches = () => [fstab];
type Asked = Surroundings & { signal: AbortSignal };

/** Mounts a filesystem at each start; fstab(5). The start goes on where it is missing. */
export const fstabAdd = defineAction({
    name: 'fstab.add',
    parameters,
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    'mount [drive|disk|volume] {drive} (at boot|on boot|at startup|at every start|at each start|automatically|permanently)',
                    'always mount [drive|disk|volume] {drive}',
                ],
                de: [
                    '[laufwerk|platte] {drive} (beim start|bei jedem start|automatisch|immer|dauerhaft) (einhängen|mounten)',
                    'hänge [laufwerk|platte] {drive} (beim start|bei jedem start|automatisch|immer|dauerhaft) ein',
                ],
                ar: ['(ركب|وصل) [قرص] {drive} (تلقائيا|عند كل إقلاع|عند الإقلاع)'],
            },
            parameters: async ({ drive = '' }, asked) => {
                const meant = (await volumesMeant(drive, asked, () => true)).map(({ device }) => device);
                return (await readVolumes(asked))
                    .filter(({ device }) => meant.includes(device))
                    .flatMap(({ name, uuid: of }) => {
                        const last =
                            name
                                .toLowerCase()
                                .replaceAll(/[^a-z0-9]+/g, '-')
                                .replaceAll(/^-+|-+$/g, '') || 'disk';
                        const { data } = parameters.safeParse({ uuid: of, folder: `/mnt/${last}` });
                        return data === undefined ? [] : [data];
                    });
            },
        },
    ],
    async plan({ uuid: of, folder: to }, asked) {
        const { bytes, lines } = await read(asked);
        const isThere = lines.map(fstabEntry).some(entry => entry?.source === `UUID=${of}` || entry?.folder === to);
        if (isThere) throw new ReeveError('InvalidState', _('{path} has such an entry already', { path: fstab }));
        const title = _('Mount the filesystem {uuid} at {path} at each start', { uuid: of, path: to });
        // Whoever brings a drive may bring programs on it that become root. systemd makes the folder. Without “nofail”, a drive that is unplugged would keep the computer from starting: systemd.mount(5).
        return await plan([...lines, `UUID=${of} ${to} auto nosuid,nodev,nofail 0 0`], title, bytes, asked);
    },
    async verify({ uuid: of, folder: to }, asked) {
        const entries = (await read(asked)).lines.map(fstabEntry);
        return valueCheck(entries.some(entry => entry?.source === `UUID=${of}` && entry.folder === to));
    },
});

/** No longer mounts a filesystem at each start. What the system needs stays. */
export const fstabRemove = defineAction({
    name: 'fstab.remove',
    parameters: parameters.pick({ folder: true }),
    touches,
    wishes: [
        {
            phrases: {
                en: [
                    '(do not|dont|no longer|stop) (mount|mounting) {folder} (at boot|on boot|at startup|at every start|at each start|automatically)',
                    'remove {folder} from [etc] fstab',
                ],
                de: [
                    '{folder} nicht mehr (beim start|bei jedem start|automatisch) (einhängen|mounten)',
                    '{folder} aus fstab entfernen',
                ],
                ar: ['لا (تركب|توصل) {folder} (تلقائيا|عند الإقلاع)', 'احذف {folder} من fstab'],
            },
            parameters: async ({ folder: said = '' }, asked) =>
                (await read(asked)).lines
                    .flatMap(line => fstabEntry(line)?.folder ?? [])
                    .filter(each => folder.safeParse(each).success)
                    .filter(each => each.toLowerCase() === said || each.toLowerCase().endsWith(`/${said}`))
                    .map(each => ({ folder: each })),
        },
    ],
    async plan({ folder: of }, asked) {
        const { bytes, lines } = await read(asked);
        const left = lines.filter(line => fstabEntry(line)?.folder !== of);
        if (left.length === lines.length)
            throw new ReeveError('InvalidState', _('{path} has no entry for {folder}', { path: fstab, folder: of }));
        return await plan(left, _('No longer mount {path} at each start', { path: of }), bytes, asked);
    },
    async verify({ folder: of }, asked) {
        return valueCheck(!(await read(asked)).lines.some(line => fstabEntry(line)?.folder === of));
    },
});

async function plan(lines: string[], title: string, from: Buffer, asked: Asked) {
    const to = Buffer.from(`${lines.join('\n')}\n`);
    const { step, undo } = await editSteps(
        'system',
        fstab,
        { from, to, permissions: '0:0 0644' },
        { description: title, back: _('Restore {path}', { path: fstab }) },
        asked.contents,
    );
    await requireSound(to, asked);
    return {
        title,
        steps: [step, reloadStep('system')],
        risk: 'medium' as const,
        riskText: _('It counts from the next start on. What is mounted now stays so.'),
        undo: { text: _('Restores {path}', { path: fstab }), steps: [undo, { ...reloadStep('system'), undoes: 1 }] },
        authentication: true,
        preconditions: {},
    };
}

/** findmnt(8) reads the new text before anybody is asked for a password. @throws ReeveError InvalidState when it finds a mistake */
async function requireSound(text: Buffer, { machine, contents, signal }: Asked): Promise<void> {
    const argv = ['--verify', '--tab-file', contents.path(Contents.hashOf(text))];
    const output = (await machine?.run('findmnt', argv, { signal, complaints: true, limit: 65_536 })) ?? '';
    const mistake = /^.*(?:\[E\] (?!unreachable)|parse error).*$/m.exec(output)?.[0].trim();
    if (mistake !== undefined)
        throw new ReeveError(
            'InvalidState',
            _('{path} would have a mistake: {reason}', { path: fstab, reason: mistake }),
        );
}

/** @throws ReeveError InvalidState without such a file, or with one that is no text */
async function read({ machine }: Asked): Promise<{ bytes: Buffer; lines: string[] }> {
    const bytes = machine === null ? null : await readBytes(machine, fstab, limit);
    if (bytes === null || bytes.length === limit || !bytes.equals(Buffer.from(bytes.toString('utf8'))))
        throw new ReeveError('InvalidState', _('{path} cannot be read', { path: fstab }));
    return { bytes, lines: bytes.toString('utf8').replace(/\n$/, '').split('\n') };
}
