import type { Scenario } from '../scenario.ts';

const place = '/usr/lib/modules';
const change = '/etc/bench-kernels';
const work = '/run/bench-kernels';
const versions = ['6.1.0-9-amd64', '6.1.0-10-amd64', '6.12.0-1-amd64'];

/** Packages as those of Debian's kernels, which fill most of the filesystem. */
const script = `
set -e
folder=$1; shift
for version; do
    mkdir -p "$folder/$version/DEBIAN" "$folder/$version/usr/lib/modules/$version/kernel" "$folder/$version/boot"
    touch "$folder/$version/boot/vmlinuz-$version"
    head -c 2400000 /dev/zero >"$folder/$version/usr/lib/modules/$version/kernel/driver.ko"
    printf 'Package: linux-image-%s\\nVersion: 1\\nArchitecture: all\\nMaintainer: Bench <bench@example.org>\\nDescription: Bench\\n' \
        "$version" >"$folder/$version/DEBIAN/control"
    dpkg-deb --build "$folder/$version" "$folder/$version.deb"
    dpkg --install "$folder/$version.deb"
done
`;

export const scenario: Scenario = {
    title: 'old kernels fill a filesystem',
    by: 'provoked',
    prepare: async desktop => {
        await desktop.exec(['sh', '-c', 'mkdir -p "$1" && mount -t tmpfs -o size=8M tmpfs "$1"', 'sh', place]);
        await desktop.exec(['sh', '-c', script, 'sh', work, ...versions]);
    },
    provoke: async desktop => {
        await desktop.exec(['sh', '-c', 'head -c 900000 /dev/zero >"$1"; touch "$2"', 'sh', `${place}/other`, change]);
    },
    expect: {
        family: 'disk-space',
        subject: place,
        // Beside the fact it is the advice, with which the fix is offered.
        cause: /could be smaller/,
        fix: 'packages.removeKernels',
        changes: /linux-image/,
    },
    clear: async desktop => {
        const packages = versions.map(version => `linux-image-${version}`);
        await desktop.exec(['dpkg', '--purge', ...packages], { mayFail: true });
        await desktop.exec(['sh', '-c', 'umount "$1"; rm -rf "$2" "$3"', 'sh', place, work, change]);
    },
};
