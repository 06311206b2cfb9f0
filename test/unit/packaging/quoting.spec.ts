import { execFileSync } from 'node:child_process';

import { quoteForBus, quoteForUnit } from '../../../packaging/installation.ts';
import { findPlaces } from '../../../packaging/places.ts';

describe('Paths in files that others read', () => {
    const path = `/home/o'neil "x" 100% $HOME\\/reeved`;

    it('keep their meaning in a unit', () => {
        expect(quoteForUnit(path)).toBe(`"/home/o'neil \\"x\\" 100%% $HOME\\\\/reeved"`);
    });

    it('keep their meaning in an activation file, which is split like a shell does', () => {
        const split = execFileSync('sh', ['-c', `printf %s ${quoteForBus(path)}`], { encoding: 'utf8' });

        expect(split).toBe(path);
    });
});

describe('Places', () => {
    it('follow the XDG variables, but not relative ones', () => {
        const places = findPlaces({ HOME: '/h', XDG_DATA_HOME: '/data', XDG_STATE_HOME: 'state' });

        expect(places.share).toBe('/data');
        expect(places.state).toBe('/h/.local/state/reeve');
        expect(places.data).toBe('/data/reeve');
        expect(places.command).toBe('/h/.local/bin/reeve');
    });
});
