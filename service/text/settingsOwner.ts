/**
 * Whether a text names a file in /etc that holds the settings of a program or unit, by its name: `/etc/apache2/ports.conf` of
 * `apache2.service`, `/etc/ssh/sshd_config` of `sshd`. hier(7) has a program's settings in a file or folder of its name.
 */
export function settingsOwner(text: string, owner: string): boolean {
    const stem = plain(owner.replace(/\.(?:service|socket|timer|path|mount)$/, '').split('@', 1)[0] ?? '');
    if (stem.length < 3) return false;
    return Array.from(text.matchAll(path)).some(([, parts = '']) =>
        parts.split('/').some(part => plain(part.replace(/[._-](?:conf|cfg|config|ini|d)$|\.\w{1,8}$/, '')) === stem),
    );
}

const path = /(?<![\w./-])\/etc\/([\w./@+-]{2,255})/g;

function plain(name: string): string {
    return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}
