import { holdsToken } from '../../text/redact.ts';

/**
 * Files that exist to hold secrets, recognised by their names. The user cannot read most of them anyway; this list is for files
 * that somebody opened up, and for a service that runs as root.
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

/** What precedes a secret in a line; a comment assigns nothing. */
const before = String.raw`^[^#;\n]{0,200}?`;
/** A value that is neither a variable nor a placeholder. */
const value = String.raw`["']?[^\s"'$%{<]{4}`;
const word =
    'pass(?:w(?:or)?[dt]|phrase)|(?<![a-z])(?:db|smtp|imap|mail|root|admin|user|bind)?pass(?![a-z])|kennwort|mot[_ -]?de[_ -]?passe|' +
    'contrase\\S{1,2}a|senha|wachtwoord|secret|token|api[_-]?key|credentials?|client-key-data|requirepass|masterauth|psk|private[_-]?key';
const assign = String.raw`["']?[ \t]{0,8}[=:][ \t]{0,8}`;
/** Suffixes of a name that leads to a secret, or describes one. */
const pointer = String.raw`[\w-]{0,32}(?:file|path|ur[il]|type|policy|name|length|auth\w{0,16})`;

/** Each repeats a bounded number of times, so that the work is linear in the length of the text. */
const secretForms = [
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY/,
    // A setting: `password = …`, `export AWS_SECRET_ACCESS_KEY=…`.
    new RegExp(`${before}(?:${word})(?!${pointer}${assign})[\\w-]{0,32}${assign}${value}`, 'im'),
    // An option of a command.
    new RegExp(`${before}--(?:${word})[ \\t]{1,8}(?!-)${value}`, 'im'),
    /^[ \t]{0,8}(?:requirepass|masterauth)[ \t]{1,8}\S{4}/m,
    // netrc(5). A line of pam.d(5) that begins so goes on.
    /^[ \t]{0,8}(?:(?:machine[ \t]{1,8}\S{1,255}|default)[ \t]{1,8})?(?:login[ \t]{1,8}\S{1,255}[ \t]{1,8})?password[ \t]{1,8}\S{4,255}[ \t]{0,8}$/im,
    // An address with a password: RFC 3986, 3.2.1.
    new RegExp(`${before}://[^/\\s:@]{0,128}:(?!\\d{1,5}/)[^\\s@$<{]{1,128}@`, 'im'),
];

/** Whether what a file contains looks like something that should not be copied. Errs on the side of not copying. */
export function holdsSecrets(contents: Buffer): boolean {
    const text = contents.toString('latin1');
    return holdsToken(text) || secretForms.some(form => form.test(text));
}
