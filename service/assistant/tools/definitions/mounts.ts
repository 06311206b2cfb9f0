import * as z from 'zod';

import { _, ngettext } from '../../../i18n/i18n.ts';
import { code } from '../../markup.ts';
import { safeText } from '../../../text/sanitise.ts';
import { fact } from '../../../machine/evidence.ts';
import { parseMounts } from '../../../machine/storage/filesystems.ts';
import { readText } from '../../../machine/machine.ts';
import { listed } from '../listed.ts';
import { required, toldTool } from '../tool.ts';

/** Of the kernel and of containers; there are dozens, and nobody asks for them. */
const internal =
    /^(?:proc|sysfs|cgroup2?|devpts|mqueue|securityfs|debugfs|tracefs|pstore|bpf|configfs|fusectl|hugetlbfs|autofs|binfmt_misc|efivarfs|nsfs|ramfs|devtmpfs|rpc_pipefs)$/;

const shown = 25;

export const mounts = toldTool({
    name: 'mounts',
    description: 'What is mounted where, with type and whether it is read-only.',
    parameters: z.object({ path: z.string().max(256).optional().describe('only the mount that this path is on') }),
    asked: {
        phrases: {
            en: [
                '(what|which) (filesystem|file system) (do i use|does my root partition use|is used)',
                'is {path} (on its own partition|a separate partition)',
                'which partitions are mounted',
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
                'welches dateisystem (hat|benutzt) [meine] (root partition|rootpartition|partition)',
                'welche partitionen sind (eingehängt|eingebunden|gemountet)',
                'was ist [alles] (eingehängt|gemountet)',
                'ist [mein|meine|der|die] (usb stick|usb platte|nas|zweite platte|externe platte) (eingehängt|gemountet)',
                'welche (laufwerke|dateisysteme|platten) sind (eingehängt|gemountet)',
                'wo ist [die|der|mein] (zweite platte|usb stick|externe platte|nas) (eingehängt|gemountet)',
                'ist {path} (eingehängt|gemountet)',
                'welches dateisystem hat {path}',
                'einhängepunkte',
            ],
            ar: [
                'ما (الاقسام|الأقسام) الموصولة',
                'اين تم وصل (الذاكرة الفلاشية|القرص)',
                '(ما|ما هي) الاقراص (الموصولة|المركبة) [حاليا]',
                'اين تم تركيب (القرص|القرص الثاني)',
                'ما نوع نظام الملفات في {path}',
            ],
        },
        example: () => _('What is mounted where?'),
        values: ({ path }) => (path === undefined ? {} : { path }),
    },
    async find({ path }, { machine }, cite) {
        const text = required(
            await readText(machine, '/proc/self/mountinfo', 1_048_576),
            'The list of mounts',
            '/proc/self/mountinfo',
        );
        const all = parseMounts(text);
        cite(fact('file', '/proc/self/mountinfo', `${all.length} mounts`));
        const isBelow = (mount: string) =>
            path === mount || path?.startsWith(mount === '/' ? '/' : `${mount}/`) === true;
        const nearest = all.filter(mount => isBelow(mount.path)).sort((a, b) => b.path.length - a.path.length);
        const rows = path === undefined ? all.filter(({ type }) => !internal.test(type)) : nearest.slice(0, 1);
        return rows.map(({ path: place, type, source, readOnly }) => ({
            place: safeText(place, 200),
            type: safeText(type, 32),
            source: safeText(source, 100),
            readOnly,
        }));
    },
    write(found, out) {
        out.list(
            'Mounts',
            found,
            ({ place, type, source, readOnly }) => `${place}: ${type} from ${source}${readOnly ? ', read-only' : ''}`,
            shown,
        );
    },
    *tell(found, format, { path }) {
        const describe = ({ place, type, source, readOnly }: (typeof found)[number]) => {
            const values = { place: code(place), type: code(type), source: code(source) };
            return readOnly
                ? _('{source} is mounted at {place} ({type}), read-only', values)
                : _('{source} is mounted at {place} ({type})', values);
        };
        const [first] = found;
        if (path !== undefined && first !== undefined) {
            yield `${_('{path} is on this filesystem: {mount}.', { path: code(safeText(path, 200)), mount: describe(first) })}\n`;
            return;
        }
        const count = found.length;
        yield `${ngettext('{count} filesystem is mounted:', '{count} filesystems are mounted:', count, { count })}\n\n`;
        yield* listed(found, shown, format, mount => {
            return describe(mount);
        });
    },
});
