import { execFileSync } from 'node:child_process';

import { operand } from '../../../service/text/operand.ts';

describe('An operand that is to be typed', () => {
    it('is left as it is where nothing can be misread', () => {
        expect(operand('user@1000.service')).toBe('user@1000.service');
    });

    it('means the same to a shell and is no option, whatever it holds', () => {
        for (const text of ['dev-disk-by\\x2dlabel-x.swap', '-.mount', "it's $(reboot); `id`", '']) {
            const read = execFileSync('sh', ['-c', `printf '%s\\n' ${operand(text)}`], { encoding: 'utf8' });
            expect(read).toBe(`--\n${text}\n`);
        }
    });
});
