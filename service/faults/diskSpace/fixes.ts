import type { Fix } from '../../diagnosis/remediation.ts';
import { _ } from '../../i18n/i18n.ts';
import type { Incident } from '../../model/incident.ts';
import { readFacts } from './facts.ts';

const placeOf = ({ facts }: Incident) => readFacts(facts).place ?? '/';

/** The log and the downloaded packages are below /var; deleting them frees no space on another filesystem. */
const ifWithVar = (incident: Incident) => (/^\/(?:var(?:\/|$)|$)/.test(placeOf(incident)) ? {} : null);

/** What can be deleted without any loss. */
export const freeSpace: readonly Fix[] = [
    {
        action: 'packages.cleanCache',
        parameters: ifWithVar,
        explanation: () => _('This often frees several gigabytes, and does not touch your files.'),
    },
    {
        action: 'journal.vacuum',
        parameters: ifWithVar,
        explanation: () => _('The log may take up to four gigabytes. Most of it is never read.'),
    },
    {
        action: 'packages.removeKernels',
        // The filesystem of their files, and not one mounted below, such as /boot/efi.
        parameters: incident => (/^\/(?:boot|usr(?:\/lib(?:\/modules)?)?)?$/.test(placeOf(incident)) ? {} : null),
        explanation: () => _('Startup no longer uses them.'),
    },
];
