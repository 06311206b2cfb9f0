// What of a computer a fault and its fix might change, as lines of text: comparing two of them shows what did.
import { alice } from '../desktop/container.ts';
import type { Desktop } from '../desktop/desktop.ts';

/** Every line begins with what it is about: "unit", "file", "package", "mount", "network", "setting". */
export type SystemState = ReadonlySet<string>;

/**
 * Units that start for a question and stop by themselves, and what belongs to the looking itself. Their comings and goings
 * are no change. PackageKit, which apt notifies of its changes, asks for the network when it starts.
 */
const fleeting =
    /^(?:packagekit|network-online\.target|NetworkManager-wait-online|systemd-(?:hostnamed|timedated|localed|coredump@.*|journal-catalog-update|tmpfiles-clean)|NetworkManager-dispatcher|run-.*|reeve-.*|session-.*|user(?:-runtime-dir)?@.*|.*\.scope|.*\.device|xdg-.*|dconf|gvfs-.*|at-spi-.*|flatpak-.*|.*\.slice|.*\.timer)(?:\.service)?$/;

/** State of programs that note what they did, and of Reeve, whose log of the matter is the point. */
const ownAffairs = `.cache .local/state .local/share/reeve .local/share/gvfs-metadata .local/share/recently-used.xbel
    .local/share/gnome-shell/application_state .local/share/gnome-shell/session-active-history.json
    .local/share/keyrings .config/pulse .config/dconf`;

const script = `
for manager in system "user --machine=alice@.host"; do
    set -- $manager
    systemctl --"$1" \${2:-} list-units --all --plain --no-legend --full | awk -v of="$1" '{ print "unit", $1, of, $2, $3 }'
done
cd /
find etc -type f -print0 | sort -z | xargs -0 sha256sum | awk '{ print "file", "/" $2, substr($1, 1, 12) }'
find etc home/alice \\( ${ownAffairs
    .split(/\s+/)
    .map(path => `-path home/alice/${path}`)
    .join(' -o ')} \\) -prune -o -printf 'file /%p %M %u:%g %s %l\\n' | sed '/^file [^ ]* d/s/ [0-9]* *$//'
dpkg-query -W -f 'package \${Package} \${Version} \${db:Status-Abbrev}\\n'
awk '$5 !~ "^/(proc|run/credentials|run/user/[0-9]+/doc)" { print "mount", $5, $6 }' /proc/self/mountinfo
ip -br address | awk '{ print "network", $0 }'
ip route | awk '{ print "network route", $0 }'
`;

export async function readSystemState(desktop: Desktop): Promise<SystemState> {
    const { stdout } = await desktop.exec(['sh', '-c', script], { timeout: 30_000 });
    const { stdout: settings } = await desktop.exec([
        'runuser',
        '-u',
        'alice',
        '--',
        'env',
        `XDG_RUNTIME_DIR=${alice.runtime}`,
        'dconf',
        'dump',
        '/',
    ]);
    let section = '';
    const lines = stdout.split('\n').filter(line => line !== '' && !isFleeting(line));
    for (const line of settings.split('\n')) {
        if (line.startsWith('[')) section = line;
        else if (line !== '') lines.push(`setting ${section} ${line}`);
    }
    return new Set(lines);
}

function isFleeting(line: string): boolean {
    const [what, name = ''] = line.split(' ');
    return what === 'unit' && fleeting.test(name);
}

/** What is different, as a diff has it: "- " and "+ " before what was and what is. */
export function differences(before: SystemState, after: SystemState): string[] {
    return [
        ...[...before].filter(line => !after.has(line)).map(line => `- ${line}`),
        ...[...after].filter(line => !before.has(line)).map(line => `+ ${line}`),
    ];
}
