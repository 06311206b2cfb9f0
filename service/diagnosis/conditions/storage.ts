import { realpath } from 'node:fs/promises';
import { join, relative } from 'node:path';

import { _ } from '../../i18n/i18n.ts';
import { safeText } from '../../text/sanitise.ts';
import { fstab, requiredMounts } from '../../machine/storage/fstabMistakes.ts';
import { listNames, readText, type Machine } from '../../machine/machine.ts';
import { readSmart } from '../../machine/storage/smart.ts';
import { isShort, parseMounts, readFilesystems, readSpace, usedShare } from '../../machine/storage/filesystems.ts';
import type { Condition } from '../care/care.ts';
import { quietFor, unknown } from './quiet.ts';

/** Above this, and with less than `enough` bytes left, a filesystem counts as full. */
const fullShare = 0.98;
const enough = 512 * 1024 * 1024;
const fullInodes = 0.98;

/** A little more than what is too little, so that it is not told of again at once. */
const margin = 1.1;

/** Whether there is room again: on the filesystem that is named, else wherever it may have been lacking. */
export const hasRoom: Condition = {
    about: 'the filesystem has room again, or where none is named, every one has room and inodes left',
    async check({ machine, incident }) {
        const { place } = incident.facts;
        if (place !== undefined) {
            const named = (await readSpace(machine)).find(({ path }) => path === place);
            return named !== undefined && isShort(named, margin)
                ? { gone: false, detail: _('There is still little room on {path}', { path: place }) }
                : { gone: true, detail: _('There is room again') };
        }
        const filesystems = (await readFilesystems(machine))?.filesystems ?? [];
        const full = filesystems.find(
            ({ used, available, readOnly, inodesUsed }) =>
                !readOnly &&
                ((usedShare({ used, available }) > fullShare && available < enough) || (inodesUsed ?? 0) > fullInodes),
        );
        if (full === undefined) return { gone: true, detail: _('There is room again') };
        return { gone: false, detail: _('{path} is full', { path: full.path }) };
    },
};

/**
 * Names that the kernel gives to partitions and disks. Of whatever else an incident is about, such as a filesystem that the log did
 * not name or a pool of ZFS, that there is no such device says nothing.
 */
const kernelName = /^(?:(?:sd|hd|vd|xvd)[a-z]|(?:nvme|mmcblk|md|loop|sr|zram|nbd|bcache)\d)/;

/** Whether what is mounted from the incident's device can be written. */
export const isWritable: Condition = {
    about: 'what is mounted from the device can be written, or the device is gone',
    async check({ incident, machine }) {
        const text = await readText(machine, '/proc/self/mountinfo', 1_048_576);
        const name = incident.subject.replace(/^\/dev\//, '');
        const device = `/dev/${name}`;
        const mounts = parseMounts(text ?? '').filter(({ source }) => source === device);
        const [first] = mounts;
        if (first === undefined) {
            if (!kernelName.test(name)) return unknown();
            const devices = await listNames(machine, '/sys/class/block');
            return devices.length === 0 || devices.includes(name)
                ? { gone: false, detail: _('{device} is not mounted', { device }) }
                : { gone: true, detail: _('There is no {name} any more', { name }) };
        }
        return mounts.some(({ readOnly }) => readOnly)
            ? { gone: false, detail: _('{path} can only be read', { path: first.path }) }
            : { gone: true, detail: _('{path} can be written again', { path: first.path }) };
    },
};

/** A filesystem is mounted only where its check went well, too: systemd-fsck@.service(8). */
export const isAllMounted: Condition = {
    about: 'everything is mounted that /etc/fstab says the start cannot go on without',
    async check({ machine }) {
        const table = await readText(machine, fstab, 1_048_576);
        const mounted = await readText(machine, '/proc/self/mountinfo', 1_048_576);
        if (table === null || mounted === null) return unknown();
        const places = new Set(parseMounts(mounted).map(({ path }) => path));
        for (const path of requiredMounts(table)) {
            // systemd-fstab-generator(8) follows links on the way there.
            if (places.has(path) || places.has(await withoutLinks(machine, path))) continue;
            return { gone: false, detail: _('{path} is not mounted', { path: safeText(path, 256) }) };
        }
        return { gone: true, detail: _('Everything that the start needs is mounted') };
    },
};

async function withoutLinks({ root }: Machine, path: string): Promise<string> {
    const real = await realpath(join(root, path)).catch(() => join(root, path));
    return `/${relative(root, real)}`;
}

const notSeen = quietFor(7 * 24 * 60);

/** The drive's own word, where udisks passed it on. */
export const isDriveWell: Condition = {
    about: `the drive no longer says so, or is gone; where only the log told of it, ${notSeen.about}`,
    async check(place) {
        const { machine, incident, signal } = place;
        const { path } = incident.facts;
        const drives = path === undefined ? null : await readSmart(machine.system, signal);
        if (path === undefined || drives === null) return await notSeen.check(place);
        const state = drives.find(drive => drive.path === path);
        if (state === undefined) return { gone: true, detail: _('The drive is no longer there') };
        return state.failing
            ? { gone: false, detail: _('The drive still says that it is about to fail') }
            : { gone: true, detail: _('The drive no longer says that it is about to fail') };
    },
};
