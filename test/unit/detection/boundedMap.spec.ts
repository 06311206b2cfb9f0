import { BoundedMap } from '../../../service/util/boundedMap.ts';

describe('BoundedMap', () => {
    it('forgets what was asked for least recently', () => {
        const map = new BoundedMap<string, number>(2);
        map.getOrInsert('a', () => 1);
        map.getOrInsert('b', () => 2);
        expect(map.get('a')).toBe(1);
        map.getOrInsert('c', () => 3);
        expect([map.get('a'), map.get('b'), map.get('c')]).toEqual([1, undefined, 3]);
        expect(map.size).toBe(2);
    });

    it('stays within its limit, whatever comes', () => {
        const map = new BoundedMap<number, number>(100);
        for (let i = 0; i < 10_000; i++) map.getOrInsert((i * 7919) % 1000, () => i);
        expect(map.size).toBe(100);
    });
});
