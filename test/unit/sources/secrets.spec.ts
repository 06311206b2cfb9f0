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
            'http_proxy=http://joe:${PASSWORD}@proxy.example.org/',
        ]) {
            expect(holds(`# A file\n${line}\nend\n`))
                .withContext(line)
                .toBeFalse();
        }
    });
});
