/** Which sources of APT the system itself is updated from. */
import { listNames, readText, type Machine } from '../../machine/machine.ts';
import { osReleaseField } from '../../machine/packages/versions.ts';

export const sourcesFolder = '/etc/apt/sources.list.d';
const oldSources = '/etc/apt/sources.list';
const limit = 65_536;

/** What installers and tools of distributions call these files. */
const names = /^(?:(?:debian|ubuntu|system)\.sources|official-package-repositories\.(?:list|sources))$/;
const hosts = [
    'debian.org',
    'devuan.org',
    'elementary.io',
    'kali.org',
    'linuxmint.com',
    'mxrepo.com',
    'neon.kde.org',
    'parrot.sh',
    'pop-os.org',
    'pureos.net',
    'raspberrypi.com',
    'raspberrypi.org',
    'raspbian.org',
    'system76.com',
    'trisquel.org',
    'ubuntu.com',
    'zorinos.com',
];
/** A mirror has another host, but nobody else's key. */
const keyring = /\/(?:debian|devuan|kali|linuxmint|raspbian|trisquel|ubuntu)-(?:archive-)?keyring\.(?:gpg|asc|pgp)$/;
/** Other names for a release: wiki.debian.org/DebianReleases. */
const aliases = ['stable', 'oldstable', 'testing', 'unstable', 'sid'];

type Entry = { uris: string[]; suites: string[]; key: string };

/**
 * Whether a file of sources.list.d serves the release that is installed, by its name or by what it says: a suite of that release, from the
 * distribution's own host or with its own key. Where the release does not say what it is called, any suite of that host counts.
 */
export async function isOfSystem(name: string, text: string, machine: Machine | null): Promise<boolean> {
    if (names.test(name)) return true;
    const release = (machine === null ? null : await readText(machine, '/etc/os-release')) ?? '';
    const codenames = ['VERSION', 'UBUNTU', 'DEBIAN'].flatMap(
        each => osReleaseField(release, `${each}_CODENAME`)?.trim() || [],
    );
    const own = [...codenames, ...aliases].flatMap(each => [each, `${each}-updates`, `${each}-security`]);
    const isOwn = (suite: string) =>
        codenames.length === 0 || own.includes(suite.replace(/\/updates\/?$/, '-updates').toLowerCase());
    return entriesOf(name, text).some(entry => isFromDistribution(entry) && entry.suites.some(isOwn));
}

/** Where a suite of the distribution comes from here, which may be a mirror; null where no source has it. */
export async function uriOfSuite(suite: string, machine: Machine): Promise<string | null> {
    const files = [
        ...(await listNames(machine, sourcesFolder)).sort().map(name => `${sourcesFolder}/${name}`),
        oldSources,
    ];
    for (const path of files) {
        const entries = entriesOf(path, (await readText(machine, path, limit)) ?? '');
        const found = entries.find(entry => isFromDistribution(entry) && entry.suites.includes(suite));
        if (found !== undefined) return found.uris[0] ?? null;
    }
    return null;
}

function isFromDistribution({ uris, key }: Entry): boolean {
    return keyring.test(key) || uris.some(isOfDistribution);
}

/** sources.list(5): by its name, a file has a source in each line, or in each paragraph. */
function entriesOf(name: string, text: string): Entry[] {
    if (name.endsWith('.list')) return entriesOfLines(text);
    return name.endsWith('.sources') ? entriesOfParagraphs(text) : [];
}

function isOfDistribution(uri: string): boolean {
    const host = /^[\w+.-]+:\/\/(?:[^/@]*@)?([^/:]+)/.exec(uri)?.[1]?.toLowerCase() ?? '';
    return hosts.some(each => host === each || host.endsWith(`.${each}`));
}

/** "deb [signed-by=KEY] URI SUITE COMPONENT…": sources.list(5). */
function entriesOfLines(text: string): Entry[] {
    return Array.from(
        text.matchAll(/^[ \t]*deb(?:-src)?[ \t]+(?:\[([^\]\n]*)\][ \t]*)?(\S+)[ \t]+(\S+)/gm),
        ([, options = '', uri = '', suite = '']) => ({
            uris: [uri],
            suites: [suite],
            key: /\bsigned-by\s*=\s*(\S+)/i.exec(options)?.[1] ?? '',
        }),
    );
}

/** Fields that go on in lines with a space before them, in paragraphs with an empty line between them: deb822(5). */
function entriesOfParagraphs(text: string): Entry[] {
    const paragraphs = text.replace(/^#.*\n?/gm, '').split(/\n[ \t]*\n/);
    return paragraphs.map(paragraph => {
        const field = (name: string) =>
            (new RegExp(`^${name}[ \\t]*:((?:.|\\n[ \\t])*)`, 'im').exec(paragraph)?.[1] ?? '').trim();
        const words = (name: string) => field(name).split(/\s+/);
        return { uris: words('URIs'), suites: words('Suites'), key: words('Signed-By')[0] ?? '' };
    });
}
