import { mechanismUnitText, offerUnitText, serviceUnitText } from '../../../packaging/units.ts';

const programs = { reeved: '/opt/reeve/bin/reeved', offer: '/opt/reeve/bin/reeve-offer', mechanism: '/opt/reeve/lib' };
const units = {
    service: serviceUnitText(programs),
    mechanism: mechanismUnitText(programs),
    offer: offerUnitText(programs),
};

describe('The units of', () => {
    for (const [name, unit] of Object.entries(units)) {
        it(`the ${name} leave no core dumps, in which texts of the user would be`, () => {
            // systemd.exec(5)
            expect(unit).toMatch(/^LimitCORE=0$/m);
            expect(unit).toMatch(/^NoNewPrivileges=(?:yes|true)$/m);
        });

        it(`the ${name} set each setting once, but for the lists that systemd puts together`, () => {
            const settings = [...unit.matchAll(/^(\w+)=/gm)].map(([, setting = '']) => setting);
            const often = settings.filter((setting, index) => settings.indexOf(setting) !== index);
            expect(often.filter(setting => setting !== 'SystemCallFilter')).toEqual([]);
        });
    }

    it('start what is installed', () => {
        expect(units.service).toContain('\nExecStart=/opt/reeve/bin/reeved\n');
        expect(units.mechanism).toMatch(/^ExecStart=\/opt\/reeve\/lib\/node .* \/opt\/reeve\/lib\/mechanism\.mjs$/m);
    });
});
