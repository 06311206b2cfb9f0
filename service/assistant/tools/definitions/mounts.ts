import * as z from 'zod';

import { _ } from '../../../i18n/i18n.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { parseMounts } from '../../../machine/storage/filesystems.ts';
import { readText } from '../../../machine/machine.ts';
import { required, tool } from '../tool.ts';

/** Of the kernel and of containers; there are dozens, and nobody asks for them. */
const internal =
    /^(?:proc|sysfs|cgroup2?|devpts|mqueue|securityfs|debugfs|tracefs|pstore|bpf|configfs|fusectl|hugetlbfs|autofs|binfmt_misc|efivarfs|nsfs|ramfs|devtmpfs|rpc_pipefs)$/;

export const mounts = tool({
    name: 'mounts',
    description: 'What is mounted where, with type and whether it is read-only.',
    parameters: z.object({ path: z.string().max(256).optional().describe('only the mount that this path is on') }),
    asked: {
        phrases: {
            en: [
                'what is mounted [where]',
                '(show|list) [all] (mount points|mounts|mounted filesystems)',
                'is [my|the] (usb stick|usb drive|nas|second disk|external disk|external drive|share|partition) mounted',
                '(which|what) (filesystems|drives|disks) are mounted [read only|read-only]',
                'where is [the|my] (second disk|usb stick|external disk|nas|data disk|second drive) mounted',
                '(mount points|mounts)',
                'is {path} mounted [read only|read-only]',
                '(what|which) (type of filesystem|filesystem|file system) (is|has|is on) {path}',
            ],
            de: [
                'was ist [alles] (eingehängt|gemountet)',
                'ist [mein|meine|der|die] (usb stick|usb platte|nas|zweite platte|externe platte) (eingehängt|gemountet)',
                'welche (laufwerke|dateisysteme|platten) sind (eingehängt|gemountet)',
                'wo ist [die|der|mein] (zweite platte|usb stick|externe platte|nas) (eingehängt|gemountet)',
                'ist {path} (eingehängt|gemountet)',
                'welches dateisystem hat {path}',
                'einhängepunkte',
            ],
            ar: [
                '(ما|ما هي) الاقراص (الموصولة|المركبة) [حاليا]',
                'اين تم تركيب (القرص|القرص الثاني)',
                'ما نوع نظام الملفات في {path}',
            ],
        },
        example: () => _('What is mounted where?'),
        values: ({ path }) => (path === undefined ? {} : { path }),
    },
    async run({ path }, { machine }, out) {
        const text = required(
            await readText(machine, '/proc/self/mountinfo', 1_048_576),
            'The list of mounts',
            '/proc/self/mountinfo',
        );
        const all = parseMounts(text);
        out.cite(fact('file', '/proc/self/mountinfo', `${all.length} mounts`));
        const isBelow = (mount: string) =>
            path === mount || path?.startsWith(mount === '/' ? '/' : `${mount}/`) === true;
        const nearest = all.filter(mount => isBelow(mount.path)).sort((a, b) => b.path.length - a.path.length);
        const rows = path === undefined ? all.filter(({ type }) => !internal.test(type)) : nearest.slice(0, 1);
        out.list(
            'Mounts',
            rows,
            ({ path: place, type, source, readOnly }) => {
                return `${safeText(place, 200)}: ${type} from ${safeText(source, 100)}${readOnly ? ', read-only' : ''}`;
            },
            25,
        );
    },
});
