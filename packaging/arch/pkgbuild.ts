/** What makepkg(8) makes Arch's packages of: PKGBUILD(5), and the script that pacman(8) runs. */
import { homepage, maintainer } from '../manifest.ts';
import { licence, llamaRelease, texts } from '../packageTexts.ts';
import { scriptlets } from '../scriptlets.ts';

/** By their names at https://archlinux.org/packages/. The youngest symbols that are needed are in packaging/debian/debs.ts. */
const libraries = ['glibc>=2.34', 'gcc-libs>=12'];

const packages = {
    reeve: {
        provides: [`reeve-node-llama-cpp=${llamaRelease}`],
        depends: [...libraries, 'dbus', 'systemd'],
        optdepends: [
            'gnome-shell: the chat and the notifications (48 or later)',
            'polkit: changes to the system',
            'bubblewrap: commands in a sandbox',
            'reeve-vulkan: language models on a GPU',
        ],
        install: 'reeve.install',
    },
    'reeve-vulkan': {
        provides: [],
        depends: [...libraries, 'vulkan-icd-loader', `reeve-node-llama-cpp=${llamaRelease}`],
        optdepends: ['vulkan-driver: for your graphics card'],
        install: null,
    },
} as const;

export type ArchName = keyof typeof packages;

/** @param options.source an archive of the folder, which has a folder for each package, with its files and their modes */
export function pkgbuildText({
    names,
    version,
    architecture,
    source,
}: {
    names: readonly ArchName[];
    version: string;
    architecture: string;
    source: { folder: string; file: string; sha256: string };
}): string {
    return `${[
        `# Maintainer: ${maintainer}`,
        'pkgbase=reeve',
        `pkgname=${list(names)}`,
        `pkgver=${version}`,
        'pkgrel=1',
        `arch=${list([architecture])}`,
        `url=${quoted(homepage)}`,
        `license=${list([licence])}`,
        // The binaries are stripped.
        `options=${list(['!strip', '!debug'])}`,
        `source=${list([source.file])}`,
        `sha256sums=${list([source.sha256])}`,
        ...names.flatMap(name => {
            const { provides, depends, optdepends, install } = packages[name];
            return [
                '',
                `package_${name}() {`,
                `    pkgdesc=${quoted(texts[name].summary.replace(/^s/, 'S'))}`,
                `    depends=${list(depends)}`,
                `    optdepends=${list(optdepends)}`,
                ...(provides.length > 0 ? [`    provides=${list(provides)}`] : []),
                ...(install === null ? [] : [`    install=${install}`]),
                `    cp --archive --no-preserve=ownership -- "$srcdir/${source.folder}/${name}/." "$pkgdir/"`,
                '}',
            ];
        }),
    ].join('\n')}\n`;
}

export function installText(): string {
    const { installed, upgraded, beforeRemoval } = scriptlets;
    const hooks = {
        post_install: installed,
        post_upgrade: `${installed}\n${upgraded}`,
        pre_remove: beforeRemoval,
        post_remove: installed,
    };
    return Object.entries(hooks)
        .map(([name, body]) => `${name}() {\n${body.replaceAll(/^(?=.)/gm, '    ')}\n}\n`)
        .join('\n');
}

function list(words: readonly string[]): string {
    return `(${words.map(quoted).join(' ')})`;
}

function quoted(word: string): string {
    return `'${word.replaceAll("'", "'\\''")}'`;
}
