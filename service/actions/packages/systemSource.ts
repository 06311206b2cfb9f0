/** Which sources of APT the system itself is updated from. */
import { readText, type Machine } from '../../machine/machine.ts';

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
    const codenames = Array.from(
        release.matchAll(/^(?:VERSION|UBUNTU|DEBIAN)_CODENAME=["']?([\w.-]+)["']?\s*$/gm),
        ([, codename = '']) => codename,
    );
    const own = [...codenames, ...aliases].flatMap(each => [each, `${each}-updates`, `${each}-security`]);
    const isOwn = (suite: string) =>
        codenames.length === 0 || own.includes(suite.replace(/\/updates\/?$/, '-updates').toLowerCase());
    return (name.endsWith('.list') ? entriesOfLines(text) : entriesOfParagraphs(text)).some(
        ({ uris, suites, key }) => (keyring.test(key) || uris.some(isOfDistribution)) && suites.some(isOwn),
    );
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
