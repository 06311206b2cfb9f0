import { disk as rules } from '../generated/disk.ts';
import { day, quietFor } from '../../diagnosis/recovery.ts';
import { _ } from '../../i18n/i18n.ts';
import { defineFamily } from '../family.ts';
import { readFacts } from './facts.ts';
import { isDriveWell } from './recovery.ts';
import { completeArray, replaceDisk, reseatDisk } from './steps.ts';
import { drives } from './watch.ts';

const backUp = () =>
    _('Copy important data to another disk now, before anything else. Then have the disk checked or replaced.');

export const disk = defineFamily({
    ...rules,
    remediation: {
        otherwise: { recovery: quietFor(7 * day), advice: backUp, guide: replaceDisk },
        kinds: {
            'raid-degraded': { recovery: quietFor(7 * day), advice: backUp, guide: completeArray },
            nvme: { recovery: quietFor(7 * day), advice: backUp, guide: reseatDisk },
            'device-lost': { recovery: quietFor(7 * day), advice: backUp, guide: reseatDisk },
            link: {
                recovery: quietFor(day),
                advice: () => _('It is nearly always the cable or the plug: turn the computer off and reseat both.'),
                guide: reseatDisk,
            },
            'optical-or-floppy': {
                recovery: quietFor(60),
                advice: () => _('The medium is dirty or scratched, or the drive cannot read it.'),
            },
            'smart-failure': { recovery: isDriveWell, advice: backUp, guide: replaceDisk },
            'smart-unreachable': {
                recovery: quietFor(day),
                advice: () => _('The disk may be asleep or gone. If files on it can be read, nothing is lost.'),
            },
        },
    },
    watch: [drives],
    changes: {
        'drives drive-failing': {
            kind: 'smart-failure',
            severity: 'critical',
            cause: () => _('The drive’s own measurements show that it is wearing out or failing.'),
            subject: ({ subject, facts }) => readFacts(facts).node ?? subject,
        },
    },
});
