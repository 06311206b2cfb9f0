import { decodeChecks, decodeManager } from '../../../extension/remote/decode.ts';
import { decodeCatalogue, decodeSurvey } from '../../../extension/remote/models.ts';
import { lacksLog, suitableModels } from '../../../extension/state/introduction.ts';

describe('The introduction', () => {
    it('offers access to the log only to those who lack it and can be given it', () => {
        const of = (State: number, ...Notices: { code: string; remedy?: string }[]) =>
            lacksLog(decodeManager({ State, Notices }));
        const unreadable = { code: 'journal-unreadable', remedy: 'Ask for it' };
        expect(of(2, unreadable)).toBeTrue();
        expect(of(1)).toBeFalse();
        expect(of(2, { code: 'config-invalid', remedy: 'Correct it' })).toBeFalse();
        expect(of(2, { ...unreadable, remedy: '' }))
            .withContext('there is no log')
            .toBeFalse();
        expect(of(3, unreadable)).withContext('paused').toBeFalse();
    });

    it('offers the models that suit the computer, the best first', () => {
        const models = decodeCatalogue([
            { id: 'small', place: 2, has_space: true, roles: ['quick'], fast: true },
            { id: 'other', place: 2, has_space: true, roles: [] },
            { id: 'large', place: 0, has_space: true, roles: ['hard'] },
            { id: 'too-large-for-the-disk', place: 0, has_space: false, roles: ['hard'] },
            { id: 'too-large', place: 3, has_space: true, roles: ['hard'] },
        ]);
        expect(suitableModels(models).map(({ id, fast }) => [id, fast])).toEqual([
            ['large', false],
            ['small', true],
        ]);
        expect(suitableModels([])).toEqual([]);
    });

    it('reads what the service says of the computer and of itself, whatever is missing', () => {
        const card = { name: 'Card' };
        expect(decodeSurvey({ memory: 8, cores: 4, gpus: [card, {}], missing_package: 'reeve-vulkan' })).toEqual({
            memory: 8,
            cores: 4,
            gpus: ['Card'],
            missingPackage: 'reeve-vulkan',
        });
        expect(decodeSurvey('nonsense')).toEqual({ memory: 0, cores: 0, gpus: [], missingPackage: '' });
        const checks = decodeChecks([{ title: 'Bus', status: 2, detail: 'gone', remedy: 'Wait' }, { status: 9 }]);
        expect(checks).toEqual([
            { title: 'Bus', status: 'problem', detail: 'gone', remedy: 'Wait' },
            { title: '', status: 'note', detail: '', remedy: '' },
        ]);
        expect(decodeChecks(null)).toEqual([]);
    });
});
