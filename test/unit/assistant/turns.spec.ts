import type { Turn } from '../../../service/assistant/followUp.ts';
import { Turns } from '../../../service/assistant/turns.ts';

const turn: Turn = {
    question: 'what failed',
    topic: 'failures',
    evidence: [],
    incidents: [],
    proposals: [],
    thing: null,
    choices: [],
};

describe('The last turn of a conversation', () => {
    it('is forgotten with its conversation, and those of all with all', () => {
        const turns = new Turns();
        for (const conversation of [1, 2, 3]) turns.add({ conversation: 'new' }, conversation, turn);
        turns.add({ conversation: 'new', client: ':1.5' }, null, turn);
        turns.forget(2);
        expect([1, 2, 3].map(conversation => turns.last({ conversation }) !== null)).toEqual([true, false, true]);
        turns.forget(0);
        expect([1, 3].map(conversation => turns.last({ conversation }))).toEqual([null, null]);
        expect(turns.last({ conversation: 'new', client: ':1.5' })).toBe(turn);
    });
});
