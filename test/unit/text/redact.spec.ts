import { redact } from '../../../service/text/redact.ts';
import { report } from '../../support/security/run.ts';

/** Letters and digits that look random; made here, so that no scanner takes this file for a leak. */
function random(length: number, alphabet = 'aB3dE5gH7jK9mN2pQ4sT6vW8xYz0'): string {
    let seed = 7;
    return Array.from({ length }, () => alphabet[(seed = (seed * 31 + 11) % 9973) % alphabet.length]).join('');
}
const hex = (length: number) => random(length, '0123456789abcdef');
const upper = (length: number) => random(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');

/** What is secret by its form alone. */
const tokens: [string, string][] = [
    ['a GitHub token', `ghp_${random(36)}`],
    ['a fine-grained GitHub token', `github_pat_${random(82)}`],
    ['a GitLab token', `glpat-${random(20)}`],
    ['a routable GitLab token', `glpat-${random(30)}.01.${random(9)}`],
    ['an Amazon key', `AKIA${upper(16)}`],
    ['a Google key', `AIza${random(35)}`],
    ['a Slack token', `xoxb-1234567890123-1234567890123-${random(24)}`],
    ['a Stripe key', `sk_live_${random(24)}`],
    ['an OpenAI key', `sk-proj-${random(74)}T3BlbkFJ${random(74)}`],
    ['an Anthropic key', `sk-ant-api03-${random(93)}AA`],
    ['a Hugging Face token', `hf_${random(34, 'abcDEFghiJKLmno')}`],
    ['an npm token', `npm_${random(36)}`],
    ['a PyPI token', `pypi-AgEIcHlwaS5vcmc${random(80)}`],
    ['a Vault token', `hvs.${random(95)}`],
    ['a DigitalOcean token', `dop_v1_${hex(64)}`],
    ['a SendGrid key', `SG.${random(22)}.${random(43)}`],
    ['a Telegram token', `123456789:AA${random(33)}`],
    ['an age key', `AGE-SECRET-KEY-1${upper(58)}`],
    ['a Tailscale key', `tskey-auth-${random(12)}-${random(32)}`],
    ['a JSON Web Token', `eyJ${random(20)}.eyJ${random(60)}.${random(43)}`],
    ['the hash of a password', `$6$${random(16)}$${random(86)}`],
    ['a yescrypt hash', `$y$j9T$${random(22)}$${random(43)}`],
];

/** Before, the secret in it, and what must be left of it. */
const places: [string, string, string][] = [
    [
        'a password in an address',
        'git clone https://me:S3cr3t!@example.org/x.git',
        'https://me:[redacted]@example.org/x.git',
    ],
    ['one with an @ in it', 'postgres://app:p@ss@db:5432/x', 'postgres://app:[redacted]@db:5432/x'],
    ['one without a user', 'redis://:hunter2@cache:6379/0', 'redis://:[redacted]@cache:6379/0'],
    ['a token for a user', `https://${random(40)}@example.org/`, 'https://[redacted]@example.org/'],
    [
        'a parameter',
        'GET /cb?code=4%2F0Aabc&state=x HTTP at https://a/b?access_token=abc123&x=1',
        'access_token=[redacted]&x=1',
    ],
    ['a header', 'Authorization: Basic dXNlcjpwYXNzd29yZA==', 'Authorization: Basic [redacted]'],
    ['a bearer', `curl -H "Authorization: Bearer ${random(30)}" https://a`, 'Bearer [redacted]" https://a'],
    ['cookies', 'Cookie: sid=abcd1234; theme=dark', 'Cookie: [redacted]'],
    ['an environment', 'PATH=/bin PGPASSWORD=hunter2 HOME=/root', 'PATH=/bin PGPASSWORD=[redacted] HOME=/root'],
    ['MySQL’s variable', 'MYSQL_PWD=abc', 'MYSQL_PWD=[redacted]'],
    ['Amazon’s variable', `AWS_SECRET_ACCESS_KEY=${random(40)}`, 'AWS_SECRET_ACCESS_KEY=[redacted]'],
    ['a variable of any name', 'MY_APP_DB_PASSWORD="two words"', 'MY_APP_DB_PASSWORD="[redacted]"'],
    ['an option', 'mytool --user me --password hunter2 --verbose', '--password [redacted] --verbose'],
    ['an option with =', 'mytool --token=abcdef --x', '--token=[redacted] --x'],
    ['mysql’s -p', 'mysqldump -u root -phunter2 shop', 'mysqldump -u root -p[redacted] shop'],
    ['sshpass', "sshpass -p 'hunter2' ssh host", "sshpass -p '[redacted]' ssh host"],
    ['curl -u', 'curl -s -u me:hunter2 https://a', 'curl -s -u me:[redacted] https://a'],
    ['openssl', 'openssl rsa -passin pass:hunter2 -in k', '-passin pass:[redacted] -in k'],
    [
        'a mount option',
        'mount -t cifs //s/x /m -o username=me,password=hunter2,uid=1000',
        'password=[redacted],uid=1000',
    ],
    ['netrc', 'machine example.org login me password hunter2', 'password [redacted]'],
    ['JSON', '{"user":"me","password":"hunter2","n":1}', '{"user":"me","password":"[redacted]","n":1}'],
    ['Docker’s configuration', '{"auth": "dXNlcjpwYXNzd29yZA=="}', '{"auth": "[redacted]"}'],
    ['YAML', 'db:\n  password: hunter2\n  port: 1', 'db:\n  password: [redacted]\n  port: 1'],
    ['a Wi-Fi key', '[wifi-security]\nkey-mgmt=wpa-psk\npsk=correct horse', 'psk=[redacted]'],
    ['WireGuard', `PrivateKey = ${random(43)}=`, 'PrivateKey = [redacted]'],
    ['Azure', `DefaultEndpointsProtocol=https;AccountKey=${random(86)}==;X=1`, 'AccountKey=[redacted];X=1'],
    ['what was typed at a prompt', 'Password: hunter2', 'Password: [redacted]'],
    ['the short word', 'DB_PASS=hunter2 DB_HOST=db', 'DB_PASS=[redacted] DB_HOST=db'],
    ['a webhook of Slack', 'https://hooks.slack.com/services/T00/B00/hunter2', 'hooks.slack.com/services/[redacted]'],
    ['one of Discord', 'POST https://discord.com/api/webhooks/123456/hunter2x', 'discord.com/api/webhooks/[redacted]'],
    ['a kubeconfig', 'client-key-data: aHVudGVyMg==', 'client-key-data: [redacted]'],
    ['a key in one', `x: LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVktLS0tL${random(400)}\ny: 1`, 'x: [redacted]\ny: 1'],
    ['a log-in by SMTP', 'C: AUTH PLAIN dXNlcjpwYXNzd29yZA==', 'AUTH PLAIN [redacted]'],
    ['its second step', 'S: 334 UGFzc3dvcmQ6\nC: dXNlcjpwYXNz\nS: 235', 'C: [redacted]\nS: 235'],
    ['a sentence', 'set the password hunter2 for alice', 'the password [redacted] for alice'],
    ['a longer one', 'The password is "hunter2"', 'The password is "[redacted]"'],
    ['an address with a / in its password', 'https://me:hunter2/x@host/y', 'https://me:[redacted]@host/y'],
    ['a German word', 'Passwort: hunter2', 'Passwort: [redacted]'],
    ['another one', 'kennwort = hunter2', 'kennwort = [redacted]'],
    ['French words', 'mot de passe : hunter2', 'mot de passe : [redacted]'],
    ['a French variable', 'MOT_DE_PASSE=hunter2', 'MOT_DE_PASSE=[redacted]'],
    ['nmcli', 'nmcli device wifi connect Home password hunter2 hidden yes', 'password [redacted] hidden yes'],
    ['Redis', 'port 1\nrequirepass hunter2\n', 'requirepass [redacted]\n'],
    ['LDAP', 'ldapsearch -x -D cn=a -w hunter2 -b dc=x', '-w [redacted] -b dc=x'],
    ['zip', 'zip -P hunter2 a.zip b', 'zip -P [redacted] a.zip b'],
    ['Amazon’s secret alone', 'the key is wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n', 'the key is [redacted]\n'],
    ['a token in a log', `request failed, api_key: ${random(24)} (401)`, 'api_key: [redacted] (401)'],
];

/** Lines of real logs and files with the words in them and no secret. */
const harmless = [
    'sshd[812]: Failed password for invalid user admin from 192.0.2.7 port 41234 ssh2',
    'gdm-password][1623]: gkr-pam: unlocked login keyring',
    'pam_unix(gdm-password:session): session opened for user alice(uid=1000) by alice(uid=0)',
    'pam_unix(sudo:auth): authentication failure; logname=alice uid=1000 euid=0 tty=/dev/pts/1 ruser=alice rhost=  user=alice',
    'passwd[4242]: password for alice changed by root',
    'systemd-ask-password: Password: (press TAB for no echo)',
    'Started systemd-ask-password-wall.service - Forward Password Requests to Wall.',
    'org.freedesktop.secrets: Failed to get secret: No such interface',
    'token: expired',
    'FATAL:  password authentication failed for user "app"',
    'kernel: Key type .fscrypt registered',
    'NetworkManager: <info> device (wlan0): Activation: (wifi) connection "Home" has security, and secrets exist.  No new secrets needed.',
    'AUTH_METHOD=password',
    'PasswordAuthentication no',
    'password required pam_unix.so sha512 shadow',
    'secret_file=/run/secrets/db',
    '/etc/passwd: 2026-11-21 03:15:14',
    'opened /etc/passwd: no such file',
    'PASSWORD=$DB_PASSWORD',
    'token_type: bearer',
    'Bearer of bad news',
    'bluetoothd: sap-server: Operation not permitted (1)',
    'nvme0n1: 1a2b3c4d-5e6f-7081-92a3-b4c5d6e7f809 mounted',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'commit 7ba96cc0d1e2f3a4b5c6d7e8f9a0b1c2d3e4f5a6',
    'see https://example.org/a@b and http://[::1]:8080/x?q=1',
    'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ9 alice@host',
    'task-scheduler sk-learn risk-averse',
    'auth: none',
    'usb 1-1: New USB device found, idVendor=046d, idProduct=c52b, bcdDevice=12.11',
    'pass: 12, fail: 0',
    'pass = 3',
    'e2fsck: Pass 1: Checking inodes, blocks, and sizes',
    'bypass=enabled compass: north',
    'password sufficient pam_unix.so try_first_pass nullok sha512',
    'proxy at http://[::1]:8080/a@b and https://example.org:443/x@y',
    'the file usr/lib/x86_64-linux-gnu/gio/modules/libgvfsdbus.so',
    'MIIDXTCCAkWgAwIBAgIJAKZ7D5Yv8W0tMA0GCSqGSIb3DQEBCwUAMEUxCzAJBgNV',
    'AUTH PLAIN LOGIN CRAM-MD5',
    'journal cursor s=0639b1;i=4a2;b=77;m=1c;t=60f;x=9d',
];

/** What a token may stand in, at "%". */
const surroundings = ['%', 'using %, then', '"%"', 'x=% y', '(%)', '%\nnext'];

describe('redact', () => {
    afterAll(() => {
        report('secrets', {
            'tokens in texts': tokens.length * surroundings.length,
            'other forms': places.length,
            'harmless lines': harmless.length,
        });
    });

    for (const [what, secret] of tokens) {
        it(`takes out ${what}, wherever it stands`, () => {
            for (const around of surroundings)
                expect(redact(around.replace('%', () => secret)))
                    .withContext(around)
                    .toBe(around.replace('%', '[redacted]'));
        });
    }

    for (const [where, text, left] of places) {
        it(`takes out ${where}, and nothing beside it`, () => {
            const clean = redact(text);

            expect(clean).toContain(left);
            expect(clean).not.toMatch(
                /hunter2|S3cr3t|dXNlcjpwYXNz|aHVudGVyMg|two words|correct horse|abcd1234|EXAMPLEKEY/,
            );
        });
    }

    it('takes out private keys, whole or cut off', () => {
        const key = [
            '-----BEGIN OPENSSH PRIVATE KEY-----',
            random(70),
            random(70),
            '-----END OPENSSH PRIVATE KEY-----',
        ];

        expect(redact(`before\n${key.join('\n')}\nafter`)).toBe('before\n[redacted]\nafter');
        expect(redact(key.slice(0, 3).join('\n'))).toBe('[redacted]');
        expect(redact('-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----')).toContain('abc');
    });

    for (const line of harmless) {
        it(`leaves alone: ${line}`, () => {
            expect(redact(line)).toBe(line);
        });
    }

    it('changes nothing when applied again', () => {
        for (const [, text] of places) expect(redact(redact(text))).toBe(redact(text));
    });

    it('takes time that grows no faster than the text', () => {
        // What backtracking expressions choke on: long runs that begin like a match and are none.
        const hostile = [
            'password',
            'a.',
            'token-',
            'https://a:',
            '://x:y',
            '-----BEGIN PRIVATE KEY-----',
            'eyJabcdefgh.',
            'Authorization: ',
            ' --password ',
            'curl -u ',
            'machine a ',
            'mysql -',
            '"secret" ',
            'sk-',
            '?token=',
            '$6$',
        ];
        // Work that grew with the square of the length would take minutes here, and the limit of all specs would end it.
        for (const part of hostile) expect(redact(part.repeat(200_000 / part.length)).length).toBeGreaterThan(0);
    });
});
