import { quietFor } from '../../../service/diagnosis/recovery.ts';
import type { Fix } from '../../../service/diagnosis/remediation.ts';
import { defineFamily } from '../../../service/faults/family.ts';
import { bluetooth as rules } from '../../../service/faults/generated/bluetooth.ts';

const remediation = { recovery: quietFor(1), advice: () => '' };
const explanation = () => '';
const cause = () => '';

/** The compiler is the test: each line marked as an error has to be one. */
describe('The type of a family', () => {
    it('knows the kinds of its rules and of its changes', () => {
        const family = defineFamily({
            ...rules,
            remediation: { otherwise: remediation, kinds: { adapter: remediation, lost: remediation } },
            crash: 'lost',
            changes: { 'bluetooth lost': { kind: 'lost', severity: 'low', cause } },
        });
        expect(Object.keys(family.remediation?.kinds ?? {})).toEqual(['adapter', 'lost']);
    });

    it('knows no other kinds', () => {
        defineFamily({
            ...rules,
            // @ts-expect-error No rule and no change has this kind.
            remediation: { otherwise: remediation, kinds: { adaptor: remediation } },
            changes: { 'bluetooth lost': { kind: 'lost', severity: 'low', cause } },
        });
        // @ts-expect-error Nor this one.
        defineFamily({ ...rules, remediation: { otherwise: remediation }, crash: 'lost' });
        defineFamily({
            ...rules,
            remediation: { otherwise: remediation },
            // @ts-expect-error The kind of an incident is one of them.
            enrich: ({ incident }, findings) => Promise.resolve(incident.kind === 'adaptor' ? findings : findings),
        });
        expect().nothing();
    });

    it('has either remediations or a playbook', () => {
        // @ts-expect-error It has neither.
        defineFamily({ ...rules });
        expect().nothing();
    });

    it('knows the actions and their parameters', () => {
        const fixes: Fix[] = [
            { action: 'radio.unblock', parameters: () => ({ radio: 'bluetooth' }), explanation },
            // @ts-expect-error There is no such action.
            { action: 'radio.unlock', parameters: () => ({ radio: 'bluetooth' }), explanation },
            // @ts-expect-error It takes no such value.
            { action: 'radio.unblock', parameters: () => ({ radio: 'blue' }), explanation },
            // @ts-expect-error It takes another parameter.
            { action: 'radio.unblock', parameters: () => ({ limit: 'bluetooth' }), explanation },
        ];
        expect(fixes).toHaveSize(4);
    });
});
