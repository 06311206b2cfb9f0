/**
 * Files that exist to hold secrets, wherever their names say so. Most are closed to the user anyway; these are for those
 * that somebody opened, and for a service that runs as root.
 */
const secretPath = new RegExp(
    [
        String.raw`/etc/(?:g?shadow|security/opasswd|sudoers|krb5\.keytab|crypttab|machine-id)(?:[-.]|$)`,
        String.raw`/etc/(?:ssl/private|polkit-1/localauthority|NetworkManager/system-connections|wireguard|openvpn|ipsec\.d|sudoers\.d|cups/ssl)/`,
        String.raw`/etc/(?:ppp/.*secrets|ipsec\.secrets|iwd/|wpa_supplicant/)`,
        String.raw`/ssh_host_[^/]*_key$`,
        String.raw`/(?:id_[a-z0-9]+|\.netrc|\.pgpass|\.git-credentials|credentials|keyfile)$`,
        String.raw`\.(?:key|pem|p12|pfx|jks|keytab|kdbx|ovpn|gpg|asc|psk)$`,
    ].join('|'),
);

export function isSecretPath(path: string): boolean {
    return secretPath.test(path);
}

const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY/;
/** A setting that gives a password or token a value, on a line that is not a comment. */
const secretSetting =
    /^[^#;\n]{0,200}?(?:pass(?:w(?:or)?d|phrase)|secret|token|api[_-]?key|credentials?)["']?[ \t]{0,8}[=:][ \t]{0,8}["']?[^\s"'$%{<]{4}/im;

/** Whether what a file contains looks like something that should not be copied. Errs on the side of not copying. */
export function holdsSecrets(contents: Buffer): boolean {
    const text = contents.toString('latin1');
    return privateKey.test(text) || secretSetting.test(text);
}
