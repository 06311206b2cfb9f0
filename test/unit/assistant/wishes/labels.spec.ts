import { partsOfLabel } from '../../../../service/assistant/wishes/labels.ts';

describe('A label of the classifier', () => {
    it('has parts in common with others: its action, and what is on or off', () => {
        expect(partsOfLabel('setting.switch {"setting":"dark-style","on":false}')).toEqual([
            'setting.switch {"setting":"dark-style","on":false}',
            '!',
            'setting.switch ',
            'setting.switch setting=dark-style',
            'on=false',
        ]);
        expect(partsOfLabel('unit.stop 0')).toEqual(['unit.stop 0', '!', 'unit.stop ', 'on=false']);
    });

    it('is a wish, a question or neither', () => {
        expect(partsOfLabel('fact:dns')).toEqual(['fact:dns', '?']);
        expect(partsOfLabel('none')).toEqual(['none']);
    });
});
