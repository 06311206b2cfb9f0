import { noted } from '../../diagnosis/guide.ts';
import type { Guide, StepCheck } from '../../diagnosis/guide.ts';
import { _ } from '../../i18n/i18n.ts';
import { readText } from '../../machine/machine.ts';
import { connected, whileOff } from '../shared/steps.ts';

/** Also one that was taken out while the computer was off: the source `devices` compares what is there with what was. */
const isTakenOut = noted(
    'a disk that was disconnected, the one of the fault if the log named it',
    ['device'],
    ({ event, facts }, { subject }) =>
        event === 'removed' &&
        facts.subsystem === 'block' &&
        (!/^(?:sd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/.test(subject) || facts.node === `/dev/${subject}`),
);

/** "degraded" counts the disks that are missing, "sync_action" is what the array does: Documentation/admin-guide/md.rst. */
const isWhole: StepCheck = {
    about: 'no disk of the array is missing, and it is synchronised',
    async check({ incident, machine }) {
        const folder = `/sys/block/${incident.subject}/md`;
        if (!/^md\w{1,30}$/.test(incident.subject)) return { gone: false, detail: '' };
        const missing = await readText(machine, `${folder}/degraded`, 16);
        const action = await readText(machine, `${folder}/sync_action`, 16);
        return { gone: missing?.trim() === '0' && action?.trim() === 'idle', detail: '' };
    },
};

export const replaceDisk: Guide = [
    { text: () => _('Connect another disk for a copy of your data.'), seen: connected('block') },
    { text: () => _('Copy important data to it, then have the faulty disk taken out or replaced.'), seen: isTakenOut },
];

export const completeArray: Guide = [
    { text: () => _('Connect a disk that replaces the missing one.'), seen: connected('block') },
    { text: () => _('Add it to the array, and wait until the array is synchronised.'), seen: isWhole },
];

export const reseatDisk: Guide = [
    whileOff(() =>
        _('Turn the computer off, push the plugs of the disk in firmly or replace its cable, and start it again.'),
    ),
];
