import { readFileSync } from 'node:fs';

describe('The units of', () => {
    for (const file of ['systemd/reeve.service', 'mechanism/reeve-mechanism.service'])
        it(`${file} leave no core dumps, in which texts of the user would be`, () => {
            const unit = readFileSync(`packaging/${file}`, 'utf8');
            // systemd.exec(5)
            expect(unit).toMatch(/^LimitCORE=0$/m);
            expect(unit).toMatch(/^NoNewPrivileges=(?:yes|true)$/m);
        });
});
