import { holdsSecrets } from '../../../service/sources/files/secrets.ts';

describe('holdsSecrets', () => {
    const holds = (text: string) => holdsSecrets(Buffer.from(text));

    it('recognises secrets by their names and forms', () => {
        for (const line of [
            'password = hunter22',
            '"api_key": "hunter22",',
            'export AWS_SECRET_ACCESS_KEY=hunter22',
            'SECRET_KEY=hunter22',
            'DB_PASSWORD_1: hunter22',
            'machine example.org login joe password hunter22',
            '    password hunter22',
            'ExecStart=/usr/bin/sync --user joe --password hunter22',
            'http_proxy=http://joe:hunter22@proxy.example.org:3128/',
            'redis://:hunter22@localhost',
            '-----BEGIN OPENSSH PRIVATE KEY-----',
            'DB_PASS=hunter22',
            'Passwort: hunter22',
            'mot_de_passe=hunter22',
            'client-key-data: aHVudGVyMjI=',
            'requirepass hunter22',
            'https://hooks.slack.com/services/T00/B00/hunter22',
            'url=https://joe:hunter/22@example.org/',
            'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
        ]) {
            expect(holds(`# A file\n${line}\nend\n`))
                .withContext(line)
                .toBeTrue();
        }
    });

    it('leaves ordinary configuration alone', () => {
        for (const line of [
            'password required pam_unix.so',
            'password\t[success=1 default=ignore]\tpam_unix.so obscure yescrypt',
            '@include common-password',
            'passwd:         files systemd',
            'PasswordAuthentication no',
            '# password = hunter22',
            'password = $PASSWORD',
            'token_file = /run/token',
            'password-auth-type = plain',
            'ExecStart=/usr/bin/sync --password --quiet',
            'deb https://deb.example.org:8443/debian stable main',
            'mail=mailto://joe@example.org',
            'git=https://example.org:8443/a@b',
            'bypass = north',
            'wpa_key_mgmt=WPA-PSK',
            'http_proxy=http://joe:${PASSWORD}@proxy.example.org/',
        ]) {
            expect(holds(`# A file\n${line}\nend\n`))
                .withContext(line)
                .toBeFalse();
        }
    });
});
