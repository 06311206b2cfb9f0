import { analyseExport } from '../../detection/recordings.ts';
import { EntryWriter } from '../../../support/journals.ts';
import type { Fields } from '../../../support/journals.ts';

/** svr-authpasswd.c of Dropbear; the message of MariaDB's server. */
const messages = {
    dropbear: (port: number) => `Bad password attempt for 'root' from 192.0.2.7:${port}`,
    mariadbd: (port: number) => `${port} [Warning] Access denied for user 'root'@'192.0.2.7' (using password: YES)`,
};

describe('Passwords that a server checks itself', () => {
    const subjects = (name: keyof typeof messages, fields: Fields) => {
        const writer = new EntryWriter();
        const lines = Array.from({ length: 7 }, (_none, index) =>
            writer.entry({ SYSLOG_IDENTIFIER: name, _COMM: name, MESSAGE: messages[name](40_000 + index), ...fields }),
        );
        return analyseExport(lines.join(''))
            .incidents()
            .map(({ kind, subject }) => `${kind} ${subject}`);
    };

    it('are attempts in a journal, too, if the server reports them', () => {
        expect(subjects('dropbear', { _UID: '0', _SYSTEMD_UNIT: 'dropbear.service' })).toEqual(['attempts 192.0.2.7']);
        expect(subjects('mariadbd', { _UID: '112', _SYSTEMD_UNIT: 'mariadb.service' })).toEqual(['attempts 192.0.2.7']);
    });

    it('are none if anybody else does', () => {
        const own = { _UID: '1000', _SYSTEMD_UNIT: 'session-2.scope' };
        expect(subjects('dropbear', own)).toEqual([]);
    });
});
