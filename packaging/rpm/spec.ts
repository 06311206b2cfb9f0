/** The spec file of the packages for Fedora and openSUSE. */
import { homepage, maintainer } from '../manifest.ts';
import { licence, llamaRelease, texts } from '../packageTexts.ts';
import { scriptlets } from '../scriptlets.ts';

/**
 * Of the programs that we bring, as Debian's (packaging/debian/debs.ts). What is found by itself would be what they bring for each
 * other, too; both distributions provide these by the same names (elfdeps(1)).
 */
const libraries = ['libc.so.6(GLIBC_2.34)(64bit)', 'libgcc_s.so.1()(64bit)', 'libstdc++.so.6(GLIBCXX_3.4.30)(64bit)'];

const subpackages = {
    reeve: {
        provides: [`reeve-node-llama-cpp = ${llamaRelease}`],
        // dbus-service is what openSUSE's dbus-broker and dbus-1-daemon provide: https://code.opensuse.org/package/dbus-broker,
        // https://code.opensuse.org/package/dbus-1. Fedora's have names only: https://src.fedoraproject.org/rpms/dbus
        requires: [...libraries, '(dbus-service or dbus-broker or dbus-daemon)', 'systemd'],
        // Without GNOME, it serves the command line. The Shell's extension says itself which versions it is for.
        recommends: ['gnome-shell >= 48', 'polkit', 'bubblewrap'],
    },
    'reeve-vulkan': {
        provides: [],
        requires: [...libraries, 'libvulkan.so.1()(64bit)', `reeve-node-llama-cpp = ${llamaRelease}`],
        // Fedora's; openSUSE installs those of the graphics card by itself.
        recommends: ['mesa-vulkan-drivers'],
    },
} as const;

export type RpmName = keyof typeof subpackages;

/**
 * @param options.tree has the files of all packages, with their modes
 * @param options.files lines for %files of each package that is made
 * @param options.date seconds
 */
export function specText({
    tree,
    files,
    version,
    date,
}: {
    tree: string;
    files: Partial<Record<RpmName, readonly string[]>>;
    version: string;
    date: number;
}): string {
    const [weekday = '', day = '', month = '', year = ''] = new Date(date * 1000).toUTCString().split(/,? /);
    const release = '1';
    return `${[
        'Name: reeve',
        `Version: ${version}`,
        `Release: ${release}`,
        `License: ${licence}`,
        `URL: ${homepage}`,
        `Packager: ${maintainer}`,
        ...header('reeve'),
        '',
        '%description',
        ...description('reeve'),
        ...('reeve-vulkan' in files
            ? [
                  '',
                  '%package vulkan',
                  ...header('reeve-vulkan'),
                  '',
                  '%description vulkan',
                  ...description('reeve-vulkan'),
              ]
            : []),
        '',
        '%install',
        `cp --archive -- "${tree}/." "%{buildroot}/"`,
        '',
        '%post',
        scriptlets.installed,
        'if [ "$1" -gt 1 ]; then',
        scriptlets.upgraded,
        'fi',
        '',
        '%preun',
        'if [ "$1" -eq 0 ]; then',
        scriptlets.beforeRemoval,
        'fi',
        '',
        '%postun',
        'if [ "$1" -eq 0 ]; then',
        scriptlets.installed,
        'fi',
        ...Object.entries(files).flatMap(([name, lines]) => [
            '',
            `%files ${name.replace(/^reeve-?/, '')}`.trimEnd(),
            '%defattr(-,root,root,-)',
            ...lines,
        ]),
        '',
        '%changelog',
        `* ${weekday} ${month} ${day} ${year} ${maintainer} - ${version}-${release}`,
        '- For the changes of this version, see CHANGELOG.md of Reeve.',
    ].join('\n')}\n`;
}

function header(name: RpmName): string[] {
    const { provides, requires, recommends } = subpackages[name];
    const { summary } = texts[name];
    return [
        `Summary: ${summary.charAt(0).toUpperCase()}${summary.slice(1)}`,
        'AutoReqProv: no',
        ...provides.map(what => `Provides: ${what}`),
        ...requires.map(what => `Requires: ${what}`),
        ...recommends.map(what => `Recommends: ${what}`),
    ];
}

function description(name: RpmName): string[] {
    return texts[name].description
        .join('\n\n')
        .split('\n')
        .flatMap(text => text.match(/\S.{0,78}(?= |$)/g) ?? ['']);
}
