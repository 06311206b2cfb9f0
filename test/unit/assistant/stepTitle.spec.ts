import { stepTitle } from '../../../service/assistant/conversation/stepTitle.ts';
import { definitions } from '../../../service/assistant/tools/definitions/index.ts';

describe('The title of a lookup', () => {
    it('says in words what is checked', () => {
        const values = { unit: 'nginx.service', level: 'error', minutes: 60, kernel: false };
        expect(stepTitle({ name: 'journal', arguments: values })).toBe('Journal: nginx.service, error');
        expect(stepTitle({ name: 'memory', arguments: {} })).toBe('Memory');
        const change = { incident: 1, change: { action: 'unit.restart' }, reason: 'It helps.' };
        expect(stepTitle({ name: 'propose_fix', arguments: change })).toBe('Proposed fix');
    });

    it('has words for every tool', () => {
        for (const { name } of definitions) expect(stepTitle({ name, arguments: {} })).not.toBe(name);
    });

    it('is one safe line, whatever a model wrote', () => {
        const title = stepTitle({ name: 'journal', arguments: { text: `\u202e\n${'x'.repeat(500)}` } });
        expect(title.length).toBeLessThanOrEqual(200);
        expect(title).not.toMatch(/[\n\u202e]/);
    });
});
