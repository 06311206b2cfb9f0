/** Debian's packages of Reeve: what each has, needs and says of itself. */
import about from '../../package.json' with { type: 'json' };

export type DebName = 'reeve' | 'reeve-vulkan' | 'reeve-cuda';

export type Deb = {
    /** For --only. */
    name: string;
    package: DebName;
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
const inference = `reeve-node-llama-cpp (= ${about.dependencies['node-llama-cpp']})`;

const reeve = {
    package: 'reeve',
    fields: {
        Provides: inference,
        // Without GNOME, it serves the command line. The Shell's extension says itself which versions it is for.
        Recommends: 'gnome-shell (>= 48~), polkitd, bubblewrap',
        Suggests: 'reeve-vulkan',
    },
    summary: 'steward of the GNOME desktop',
    description: [
        'Reeve watches the computer, explains in plain words what went wrong and why, and shows the exact change that would fix it. It makes that change only with consent, checks that the symptom is gone, and can undo the change. It also answers questions about the computer.',
        'Everything runs on the computer itself. A language model is not needed; if there is one, it runs on the processor or, with reeve-vulkan, on the GPU.',
        'This package has the extension of GNOME Shell, the service that it shows, the command reeve, and what makes approved changes to the system. After the next log-in to GNOME, it offers each user once to turn it on.',
    ],
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
        summary: 'steward of the GNOME desktop - language models on any GPU',
        description: [
            'Reeve watches the computer, explains what went wrong and fixes it with consent. This package has what runs its language models on a GPU by Vulkan. Without it, they run on the processor.',
        ],
    },
    {
        name: 'cuda',
        package: 'reeve-cuda',
        suffix: '',
        depends: [...libraries, inference],
        fields: { Enhances: 'reeve' },
        summary: 'steward of the GNOME desktop - language models on NVIDIA GPUs',
        description: [
            'Reeve watches the computer, explains what went wrong and fixes it with consent. This package has what runs its language models on a GPU by CUDA. It needs the driver of NVIDIA; with any other, reeve-vulkan does the same.',
        ],
    },
];
