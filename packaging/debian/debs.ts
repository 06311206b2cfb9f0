/** Debian's packages of Reeve: what each has and needs. */
import { llamaRelease, texts, type PackageName } from '../packageTexts.ts';

export type Deb = {
    /** For --only. */
    name: string;
    package: PackageName;
    /** Ends the version: where both can be installed, apt prefers the one without. */
    suffix: '' | '~node';
    depends: readonly string[];
    fields: Record<string, string>;
    summary: string;
    description: readonly string[];
};

/** Of the programs that we bring: GLIBC_2.34 and GLIBCXX_3.4.30 are the youngest symbols that they need (`objdump -T`). */
const libraries = ['libc6 (>= 2.34)', 'libgcc-s1 (>= 4.2)', 'libstdc++6 (>= 12)'];

/** What runs models loads the binaries of its own version only. */
const inference = `reeve-node-llama-cpp (= ${llamaRelease})`;

const reeve = {
    package: 'reeve',
    fields: {
        Provides: inference,
        // Without GNOME, it serves the command line. The Shell's extension says itself which versions it is for.
        // bsdutils has renice, and is not essential any more from forky on; where it is, lintian wants a version.
        Recommends: 'gnome-shell (>= 48~), polkitd, bubblewrap, bsdutils (>= 1:2.38)',
        Suggests: 'reeve-vulkan',
    },
    ...texts.reeve,
} as const;

export const debs: readonly Deb[] = [
    {
        ...reeve,
        name: 'debian-node',
        suffix: '',
        depends: ['default-dbus-session-bus | dbus-session-bus', ...libraries, 'nodejs (>= 24)', 'systemd'],
    },
    {
        ...reeve,
        name: 'own-node',
        suffix: '~node',
        depends: ['default-dbus-session-bus | dbus-session-bus', ...libraries, 'systemd'],
    },
    {
        name: 'vulkan',
        package: 'reeve-vulkan',
        suffix: '',
        depends: [...libraries, 'libvulkan1 (>= 1.2)', inference],
        fields: { Enhances: 'reeve', Recommends: 'mesa-vulkan-drivers | vulkan-icd' },
        ...texts['reeve-vulkan'],
    },
    {
        name: 'cuda',
        package: 'reeve-cuda',
        suffix: '',
        depends: [...libraries, inference],
        fields: { Enhances: 'reeve' },
        ...texts['reeve-cuda'],
    },
];
