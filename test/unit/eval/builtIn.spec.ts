// The bench of what is understood without a model: what it counts as right.
import { judge } from '../../eval/builtIn/judge.ts';
import { loadLines } from '../../eval/builtIn/load.ts';

const question = { kind: 'question', answers: ['network_ports'], named: ['8080'] } as const;
const wish = { kind: 'wish', action: ['radio.switch'], parameters: { on: false }, named: [] } as const;

describe('The bench of built-in understanding', () => {
    it('counts another answer as wrong, and none as refused', () => {
        const named = ['8080'];
        expect(judge(question, { kind: 'question', answers: ['network_ports'], named })).toBe('right');
        expect(judge(question, { kind: 'question', answers: ['processor'], named })).toBe('wrong');
        expect(judge(question, { kind: 'question', answers: ['network_ports'], named: ['80'] })).toBe('wrong');
        expect(judge(question, { kind: 'refusal' })).toBe('refused');
    });

    it('counts another action and other parameters as wrong', () => {
        const read = { kind: 'wish', actions: ['radio.switch'], named: [] } as const;
        expect(judge(wish, { ...read, parameters: { radio: 'wifi', on: false } })).toBe('right');
        expect(judge(wish, { ...read, parameters: { radio: 'wifi', on: true } })).toBe('wrong');
        expect(judge(wish, { ...read, actions: ['session.end'], parameters: {} })).toBe('wrong');
        expect(judge(wish, { kind: 'question', answers: ['network'], named: [] })).toBe('wrong');
    });

    it('counts anything but a refusal of another topic as wrong', () => {
        expect(judge({ kind: 'refusal' }, { kind: 'refusal' })).toBe('right');
        expect(judge({ kind: 'refusal' }, { kind: 'question', answers: ['clock'], named: [] })).toBe('wrong');
    });

    it('asks nothing twice', () => {
        const texts = loadLines().map(({ text }) => text);
        expect(texts.length).toBeGreaterThan(3000);
        expect(texts.filter((text, index) => texts.indexOf(text) !== index)).toEqual([]);
    });
});
