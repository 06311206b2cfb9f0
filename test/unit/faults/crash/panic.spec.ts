import { findingsOf } from '../../../support/faultyComputer.ts';

describe('A kernel that panicked', () => {
    it('is an incident where the journal has what the kernel wrote last, and nobody else says so', async () => {
        const check = () => Promise.resolve({ gone: false, detail: '' });
        const kernel = { _TRANSPORT: 'kernel', SYSLOG_IDENTIFIER: 'kernel', PRIORITY: 0 };
        const message = 'Kernel panic - not syncing: Fatal exception';
        const found = await findingsOf({ ...kernel, MESSAGE: message }, check);
        expect(found.map(({ family, kind }) => `${family} ${kind}`)).toEqual(['crash panic']);
        expect(await findingsOf({ _UID: 1000, _COMM: 'cat', MESSAGE: message }, check)).toEqual([]);
    });
});
