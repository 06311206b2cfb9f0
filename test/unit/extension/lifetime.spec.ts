import { Lifetime } from '../../../extension/core/lifetime.ts';
import { fill } from '../../../extension/text/fill.ts';

describe('A lifetime', () => {
    it('takes steps back in reverse order, once', () => {
        const undone: string[] = [];
        const lifetime = new Lifetime();
        lifetime.defer(() => undone.push('first'));
        lifetime.own({ destroy: () => undone.push('second') });
        lifetime.end();
        lifetime.end();
        expect(undone).toEqual(['second', 'first']);
    });

    it('takes back the others when one fails, and then says so', () => {
        const undone: string[] = [];
        const lifetime = new Lifetime();
        lifetime.defer(() => undone.push('first'));
        lifetime.defer(() => {
            throw new Error('broken');
        });
        expect(() => {
            lifetime.end();
        }).toThrowError('broken');
        expect(undone).toEqual(['first']);
    });
});

describe('A translated text', () => {
    it('gets its values by name, and keeps what has none', () => {
        expect(fill('{b} before {a}, {c}', { a: 1, b: '{a}' })).toBe('{a} before 1, {c}');
    });

    it('keeps names apart from a text that runs from right to left', () => {
        const values = { name: 'ssh.service', count: 3, none: '' };
        expect(fill('{name} {count} {none}{c}', values, true)).toBe('\u2068ssh.service\u2069 3 {c}');
    });
});
